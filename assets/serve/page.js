// Around the terminal's own script: the socket's address, the first key without a click, coming back.
"use strict";
(() => {
  const AGAIN_MS = 1000; // between two looks whether the server is there again
  const WORDS = {
    4000: "The exercise has ended. Press Enter to open it again.",
    4001: "This seat was opened in another window. Press Enter to have it here.",
    4002: "The exercise did not answer and was ended. Press Enter to open it again: nothing captured is lost.",
    4003: "The trainer has ended the class.",
    4004: "This seat is not yours any more. Ask the trainer for the address.",
  };
  const say = (words) => { document.querySelector("#words").textContent = words; };
  const again = () => location.reload();

  function onEnter() {
    addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); event.stopImmediatePropagation(); again(); }
    }, true);
  }

  function comeBack() {
    say("The connection was lost. Trying again …");
    const look = () => fetch("static/page.css", { cache: "no-store" }).then(
      (answer) => { if (answer.ok) again(); else setTimeout(look, AGAIN_MS); },
      () => setTimeout(look, AGAIN_MS));
    setTimeout(look, AGAIN_MS);
  }

  function closed(code) {
    if (!(code in WORDS)) { comeBack(); return; }
    say(WORDS[code]);
    if (code < 4003) onEnter();
  }

  // Keys that come before the socket is open wait for it; the terminal's own script would lose them.
  class PatientSocket extends WebSocket {
    constructor(address) {
      super(address);
      this.addEventListener("close", (event) => closed(event.code));
      this.addEventListener("message", () => say(""), { once: true });
    }
    send(data) {
      if (this.readyState === WebSocket.CONNECTING) {
        this.addEventListener("open", () => super.send(data), { once: true });
      } else if (this.readyState === WebSocket.OPEN) {
        super.send(data);
      }
    }
  }
  window.WebSocket = PatientSocket;
  window.open = () => null; // no link in a message leads out of the classroom

  function takeKeys() {
    const keys = document.querySelector(".xterm-helper-textarea");
    if (keys && document.activeElement !== keys) keys.focus();
  }

  document.addEventListener("DOMContentLoaded", () => {
    const terminal = document.querySelector("#terminal");
    const address = new URL(terminal.dataset.socket, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    terminal.dataset.sessionWebsocketUrl = address.href;
    new MutationObserver(takeKeys).observe(terminal, { childList: true, subtree: true });
  });
  addEventListener("load", takeKeys);
  addEventListener("focus", takeKeys);
})();
