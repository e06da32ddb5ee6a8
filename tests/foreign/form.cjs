// Start zigbee-herdsman's controller on its ember adapter at an address, and print what came of it.
// usage: node form.cjs tcp://HOST:PORT FOLDER      (FOLDER keeps its database from start to start)
const {Controller, setLogger} = require("zigbee-herdsman");
const path = require("node:path");

const quiet = () => {};
setLogger({debug: quiet, info: quiet, warning: (text) => console.error(text), error: (text) => console.error(text)});

const [address, folder] = process.argv.slice(2);
const network = {
    panID: 0x1234,
    extendedPanID: Array(8).fill(0xdd),
    channelList: [20],
    networkKey: [1, 3, 5, 7, 9, 11, 13, 15, 0, 2, 4, 6, 8, 10, 12, 13],
};
const controller = new Controller({
    network,
    transport: {path: address, adapter: "ember", baudRate: 115200, rtscts: false},
    databasePath: path.join(folder, "database"),
    databaseBackupPath: path.join(folder, "database.bak"),
    backupPath: path.join(folder, "coordinator.json"),
    adapter: {},
});

async function main() {
    const started = await controller.start();
    const version = await controller.getCoordinatorVersion();
    const parameters = await controller.getNetworkParameters();
    controller.on("deviceJoined", ({device}) => console.log(JSON.stringify({joined: device.ieeeAddr})));
    await controller.permitJoin(200);
    console.log(JSON.stringify({started, version, parameters}));
    for await (const _ of process.stdin) {} // until the test has seen enough
    await controller.stop();
}

main().then(
    () => process.exit(0),
    (error) => {
        console.error(error.stack);
        process.exit(1);
    },
);
