/** When a frame was, and of which stream. */
export interface FrameTime {
  /** ms since 1970, of the first and last sample. */
  start: number;
  end: number;
  /** A number for each stream. */
  stream: number;
}
