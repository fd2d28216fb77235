// Tells the benchmark of every message that reaches it. Plain JavaScript: Node-RED loads it as it is.
module.exports = (RED) => {
  RED.nodes.registerType("bench-sink", function (definition) {
    RED.nodes.createNode(this, definition);
    this.on("input", (_msg, _send, done) => {
      RED.events.emit("bench-sink");
      done();
    });
  });
};
