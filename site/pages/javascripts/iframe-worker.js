// Search without a server: a page opened from disk (file://) may not start a worker. There, and only there, this puts
// a stand-in for Worker which runs the script in a hidden frame.
"use strict";

if (location.protocol === "file:") {
  window.IFrameWorker = class extends EventTarget {
    constructor(url) {
      super();
      const frame = document.createElement("iframe");
      const address = String(new URL(url, location.href)).replaceAll("&", "&amp;").replaceAll('"', "&quot;");
      frame.hidden = true;
      // In the frame, as in a worker, `postMessage` speaks to the page that started it.
      frame.srcdoc =
        "<script>self.postMessage = (data) => parent.postMessage(data, '*');</script>" +
        `<script src="${address}"></script>`;
      this.ready = new Promise((resolve) => frame.addEventListener("load", () => resolve(frame.contentWindow)));
      addEventListener("message", ({ source, data }) => {
        if (source === frame.contentWindow) this.dispatchEvent(new MessageEvent("message", { data }));
      });
      document.documentElement.append(frame);
    }

    postMessage(data) {
      // Not `worker.postMessage`, which has just been replaced; ours, called as the frame's.
      this.ready.then((worker) => window.postMessage.call(worker, data, "*"));
    }
  };
  window.Worker = window.IFrameWorker;
}
