// Sends on what it gets: a hop, and nothing else. Plain JavaScript: Node-RED loads it as it is.
module.exports = (RED) => {
  RED.nodes.registerType("bench-pass", function (definition) {
    RED.nodes.createNode(this, definition);
    this.on("input", (msg, send, done) => {
      send(msg);
      done();
    });
  });
};
