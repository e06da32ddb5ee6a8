// Have zigbee-herdsman's EZSP layer give every command it can make up fields for, and print those
// whose answers it does not read to the last byte: {"command": bytes left over, or short by}.
// usage: node read_answers.cjs tcp://HOST:PORT VERSION
const {AdapterTransport} = require("zigbee-herdsman/dist/adapter/transport.js");
const {Ezsp} = require("zigbee-herdsman/dist/adapter/ember/ezsp/ezsp.js");
const {setLogger} = require("zigbee-herdsman");

const quiet = () => {};
setLogger({debug: quiet, info: quiet, warning: quiet, error: quiet});

const [address, version] = [process.argv[2], Number(process.argv[3])];
const NEWEST = 18;
const eui64 = "0x0011223344556677";
const key = {contents: Buffer.alloc(16, 7)};
const context = {
    coreKeyType: 1, keyIndex: 0, derivedType: 0, eui64, multiNetworkIndex: 0, flags: 0, psaKeyAlgPermission: 0,
};
const apsFrame = {
    profileId: 260, clusterId: 6, sourceEndpoint: 1, destinationEndpoint: 1, options: 0, groupId: 0, sequence: 0,
};
const state = {
    bitmask: 0x300, preconfiguredKey: key, networkKey: key, networkKeySequenceNumber: 0,
    preconfiguredTrustCenterEui64: eui64,
};
const BY_NAME = {apsFrame, context, state, value: [1]};
const LEFT_OUT = /Handler|Version|Start$|Reset|NetworkInit$|Form|Join|Leave|NoCallbacks|CustomFrame|ezspCallback$/;

function madeUp(name) {
    if (name in BY_NAME) return BY_NAME[name];
    if (/eui|partner|address$|Long$/i.test(name)) return eui64;
    if (/key(Contents)?$/i.test(name)) return key;
    if (/context/i.test(name)) return context;
    if (/list|contents|data|payload|message$/i.test(name)) return Buffer.from([1, 2, 3, 4, 5]);
    return 1;
}

async function main() {
    const ezsp = new Ezsp(new AdapterTransport({path: address, baudRate: 115200, rtscts: false, adapter: "ember"}));
    await ezsp.start();
    await ezsp.ezspVersion(NEWEST);
    await ezsp.ezspVersion(version);
    ezsp.setProtocolVersion(version);
    const unread = {};
    let read = 0;
    const names = Object.getOwnPropertyNames(Object.getPrototypeOf(ezsp));
    for (const name of names.filter((name) => /^ezsp[A-Z]/.test(name) && !LEFT_OUT.test(name)).sort()) {
        const header = ezsp[name].toString().match(/^(?:async )?\w+\(([^)]*)\)/);
        const wanted = header[1].split(",").map((word) => word.trim()).filter((word) => word && !word.includes("="));
        try {
            await ezsp[name](...wanted.map(madeUp));
        } catch {
            continue; // refused as invalid, or with fields that nobody made up
        }
        const left = ezsp.frameLength - ezsp.buffalo.getPosition();
        if (left) unread[name] = left;
        else read += 1;
    }
    console.log(JSON.stringify({read, unread}));
}

main().then(
    () => process.exit(0),
    (error) => {
        console.error(error.stack);
        process.exit(1);
    },
);
