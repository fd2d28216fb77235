// Hands every message that reaches it to the test (see ../runtime.ts). Plain JavaScript: Node-RED loads it as it is.
module.exports = (RED) => {
  RED.nodes.registerType("test-sink", function (definition) {
    RED.nodes.createNode(this, definition);
    RED.events.emit("test-sink:open", this.id);
    this.on("input", (msg, _send, done) => {
      RED.events.emit("test-sink:message", this.id, msg);
      done();
    });
  });
};
