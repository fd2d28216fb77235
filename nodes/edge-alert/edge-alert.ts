import type { NodeAPI } from "node-red";
import { defineNode, type Message, type Status, statePath, withFields } from "../glue/index.js";
import { type AlertEvent, Decider, observe, readSavedAlerts } from "../lib/decide/index.js";
import { StateFile } from "../lib/files/index.js";
import { acknowledge } from "./acknowledge.js";
import { decideSettings } from "./decide-settings.js";

export = (RED: NodeAPI): void => {
  defineNode(RED, "edge-alert", decideSettings, ({ node, status, fail }, settings) => {
    const decider = new Decider(settings, node.id, String(Date.now()));
    const file = new StateFile(statePath(RED, "alerts", node.id), readSavedAlerts, fail);
    try {
      const saved = file.read();
      if (saved) decider.restore(saved);
    } catch (error) {
      fail(error);
    }
    let revision = decider.revision;
    let results = 0;
    let unscored = 0;
    let blind = false;
    /** The keyword that was heard last: its alert is over before anybody looks. */
    let heard: string | undefined;
    show();

    function show(): void {
      if (decider.raisedStreams.size > 0) showRaised(status, decider);
      else if (results === 0) status.busy("waiting for results");
      else if (decider.evicted > 0) status.warn(`${results}, ${decider.evicted} streams dropped`);
      else if (blind) status.warn(`${results}, ${unscored} not scored`);
      else if (unscored > 0) status.ok(`${results}, ${unscored} not scored`);
      else status.ok(`${results} · ${heard === undefined ? "no alert" : `last heard: ${heard}`}`);
    }

    function changed(): void {
      if (revision !== decider.revision) {
        revision = decider.revision;
        file.save(() => decider.save());
      }
      show();
    }

    return {
      input(msg, send) {
        if (msg.acknowledge !== undefined) {
          acknowledge(msg, decider);
          changed();
          return;
        }
        const observation = observe(msg, settings.condition, Date.now());
        const { events, state } = decider.push(observation);
        results++;
        blind = !observation.signal.scored;
        if (blind) unscored++;
        if (settings.condition.by === "keyword") {
          for (const { event, alert } of events) if (event === "raised") heard = alert.label;
        }
        changed();
        const alerts = events.map((event) => alertMessage(event, msg, observation.stream));
        send([alerts.length === 0 ? null : alerts, withFields(msg, { topic: observation.stream, payload: state })]);
      },
      async close(removed) {
        if (removed) return file.remove();
        // The streams' time has moved on since the last change.
        const last = decider.save();
        if (last.streams.length > 0) file.save(() => last);
        await file.flush();
      },
    };
  });
};

function alertMessage({ event, alert, contributions }: AlertEvent, cause: Message, stream: string): Message {
  const msg = { topic: alert.stream, payload: alert, severity: alert.severity, event } as Message;
  if (contributions) msg.contributions = contributions;
  // An alert of another stream (one that was forgotten) did not come from this model.
  if (cause.model !== undefined && alert.stream === stream) msg.model = cause.model;
  if (cause._msgid !== undefined) msg._msgid = cause._msgid;
  return msg;
}

function showRaised(status: Status, decider: Decider): void {
  const { raisedStreams } = decider;
  const [first = ""] = raisedStreams;
  const name = first === "" ? "" : `: ${first.slice(0, 14)}`;
  const more = raisedStreams.size > 1 ? ` +${raisedStreams.size - 1}` : "";
  if (decider.acknowledged >= decider.raised) status.warn(`acknowledged${name}${more}`);
  else status.alarm(`alert${name}${more}`);
}
