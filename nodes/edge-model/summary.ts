/** What the admin route GET edge-ml/models answers, for the dialog. */
export interface ModelSummary {
  name: string;
  /** The version in use; missing when no version can be read. */
  current?: string;
  /** Newest first. */
  versions: VersionSummary[];
}

export interface VersionSummary {
  version: string;
  /** False for a model that was made elsewhere: then the rest is missing. */
  learned: boolean;
  /** ISO 8601. */
  created?: string;
  task?: string;
  method?: string;
  frames?: number;
  threshold?: number;
  falseAlarmsPerDay?: number;
  /** Why this version cannot be used, as part of a sentence. */
  problem?: string;
}
