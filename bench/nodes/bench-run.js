// A node that only calls session.run: the peer of edge-infer. Plain JavaScript: Node-RED loads it as it is.
const onnx = require("onnxruntime-node");

module.exports = (RED) => {
  RED.nodes.registerType("bench-run", function (definition) {
    RED.nodes.createNode(this, definition);
    const session = onnx.InferenceSession.create(definition.file, { intraOpNumThreads: 1, interOpNumThreads: 1 });
    let ready;
    session.then((it) => {
      ready = it;
    });
    this.on("input", async (msg, send, done) => {
      try {
        const it = ready ?? (await session);
        const { payload } = msg;
        msg.payload = await it.run({ features: new onnx.Tensor("float32", payload, [1, payload.length]) });
        send(msg);
        done();
      } catch (error) {
        done(error);
      }
    });
  });
};
