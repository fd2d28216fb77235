import type { NodeAPI } from "node-red";
import { defineNode, type Message, type NodeContext, type NodeLogic } from "../glue/index.js";
import { describe, EdgeMlError } from "../lib/errors/index.js";
import { compileSettings } from "../lib/frame/index.js";
import { chooseMachine, Pacer, readCommand, Simulation } from "../lib/simulate/index.js";
import { type SimulatorSettings, schema } from "./config.js";

const checkTypes = compileSettings<SimulatorSettings>(schema);

/** Times between these make sense for a simulation, and calendar arithmetic works. */
const EARLIEST = Date.UTC(1970, 0, 2);
const LATEST = Date.UTC(2200, 0, 1);

function settingsOf(raw: object): SimulatorSettings {
  const settings = checkTypes(raw);
  if (settings.occupiedFrom >= settings.occupiedTo) {
    throw new EdgeMlError("EDGE_ML_SETTING", {
      field: "occupiedTo",
      got: settings.occupiedTo,
      expected: `later than the hour it begins, ${settings.occupiedFrom}`,
    });
  }
  startOf(settings);
  return settings;
}

/** ms since 1970 */
function startOf({ begin, date }: SimulatorSettings): number {
  const start = begin === "now" ? Date.now() : Date.parse(date);
  if (start >= EARLIEST && start <= LATEST) return start;
  throw new EdgeMlError("EDGE_ML_SETTING", {
    field: "date",
    got: describe(date),
    expected: "a date and time from 1970 to 2200, for example 2026-01-12T00:00",
  });
}

export = (RED: NodeAPI): void => {
  /** By node id: what the button of a deployed node does; returns the fault that is there afterwards. */
  const buttons = new Map<string, () => string | null>();

  defineNode(RED, "edge-simulator", settingsOf, (context, settings) => create(context, settings, buttons));

  RED.httpAdmin.post("/edge-simulator/:id", RED.auth.needsPermission("edge-simulator.write"), (request, response) => {
    const press = buttons.get(String(request.params.id));
    if (press) response.json({ fault: press() });
    else response.sendStatus(404);
  });
};

function create(
  context: NodeContext,
  settings: SimulatorSettings,
  buttons: Map<string, () => string | null>,
): NodeLogic {
  const { RED, node, status, text, send, fail } = context;
  const machine = chooseMachine(settings.machine);
  const { seed, occupiedFrom, occupiedTo, workingDays } = settings;
  const interval = settings.interval * 1000;
  const simulation = new Simulation(
    machine,
    { seed, occupiedFrom, occupiedTo, workingDays, interval },
    startOf(settings),
  );
  const topic = settings.topic || settings.machine;
  let pacer: Pacer | undefined;
  let skipped = 0;
  let timer: NodeJS.Timeout | undefined;
  /** Runs, or will as soon as the flow is there. */
  let running = settings.autostart;

  const show = () => {
    const { day, hour, minute } = simulation.clock;
    const parts = [`${text(`weekday.${day}`)} ${two(hour)}:${two(minute)}`];
    if (!running) parts.unshift(text("status.stopped"));
    const fault = simulation.fault;
    if (fault) parts.push(text(`fault.${fault.id}`));
    const missed = skipped + (pacer?.skipped ?? 0);
    if (missed > 0) parts.push(text("status.skipped", { count: missed }));
    const line = parts.join(" · ");
    if (fault) status.warn(line);
    else if (running) status.ok(line);
    else status.busy(line);
  };

  const tick = () => {
    if (!pacer) return;
    try {
      const messages: Message[] = [];
      for (let due = pacer.take(performance.now()); due > 0; due--) {
        const { time, values, label } = simulation.read();
        const msg: Message = { topic, payload: values, timestamp: time };
        if (settings.labels) msg.label = label;
        messages.push(msg);
      }
      if (messages.length > 0) send([messages]);
      show();
      timer = setTimeout(tick, pacer.wait(performance.now()));
    } catch (error) {
      stop();
      status.error("error");
      fail(error);
    }
  };

  const start = () => {
    if (pacer) return;
    running = true;
    pacer = new Pacer(interval / settings.speed, performance.now());
    tick();
  };

  const stop = () => {
    clearTimeout(timer);
    skipped += pacer?.skipped ?? 0;
    pacer = undefined;
    running = false;
  };

  /** Tells the editor, also one that opens later, so that the button shows whether its fault is there. */
  const publish = () => {
    RED.comms.publish(`edge-simulator/${node.id}`, { fault: simulation.fault?.id ?? null }, true);
  };

  const changeFault = (fault: string | null, intensity = settings.intensity) => {
    if (fault === null) simulation.repair();
    else simulation.inject(fault, intensity);
    publish();
    show();
  };

  buttons.set(node.id, () => {
    changeFault(simulation.fault ? null : settings.fault);
    return simulation.fault?.id ?? null;
  });
  publish();
  // Not before the nodes that it sends to are there.
  timer = setTimeout(() => (settings.autostart ? start() : show()), 0);

  return {
    input(msg) {
      const command = readCommand(msg.payload, machine);
      switch (command.kind) {
        case "start":
          start();
          break;
        case "stop":
          stop();
          show();
          break;
        case "reset":
          skipped = 0;
          simulation.reset(startOf(settings));
          if (pacer) {
            stop();
            skipped = 0;
            start();
          }
          publish();
          show();
          break;
        case "inject":
          changeFault(command.fault, command.intensity);
          break;
        case "repair":
          changeFault(null);
          break;
      }
    },
    close() {
      stop();
      buttons.delete(node.id);
      RED.comms.publish(`edge-simulator/${node.id}`, { fault: null }, false);
    },
  };
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
