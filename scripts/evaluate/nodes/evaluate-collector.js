// Hands every message that reaches it to the evaluation (see ../run.ts). Plain JavaScript: Node-RED loads it as it is.
module.exports = (RED) => {
  RED.nodes.registerType("evaluate-collector", function (definition) {
    RED.nodes.createNode(this, definition);
    this.on("input", (msg, _send, done) => {
      RED.events.emit("evaluate-collector", this.id, msg);
      done();
    });
  });
};
