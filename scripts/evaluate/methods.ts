import { learners } from "../../nodes/lib/learn/index.ts";

/** A way of learning: a learner at its defaults. */
export interface Method {
  id: string;
  title: string;
}

/** Every learner of a task, so that a new one is in the tables by itself. */
export function methodsOf(task: "anomaly" | "class"): Method[] {
  return learners[task].map(({ id, title }) => ({ id, title }));
}
