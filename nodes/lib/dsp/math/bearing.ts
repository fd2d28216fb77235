/** The parts of a rolling bearing that can be damaged, by the field's names for their frequencies. */
export const BEARING_FAULTS = ["BPFO", "BPFI", "BSF", "FTF"] as const;
export type BearingFault = (typeof BEARING_FAULTS)[number];

export interface BearingGeometry {
  /** Balls or rollers in a row. */
  balls: number;
  /** In the unit of the pitch diameter. */
  ballDiameter: number;
  pitchDiameter: number;
  /** Of contact, in degrees. */
  contactAngle: number;
}

/**
 * The frequencies at which a damaged bearing is struck, per turn of the shaft, for a fixed outer ring and no slip
 * (Randall & Antoni, Rolling element bearing diagnostics, 2011): BPFO outer ring, BPFI inner ring, BSF spin of a ball (a
 * ball strikes both rings: look at its second harmonic), FTF cage.
 */
export function bearingOrders(geometry: BearingGeometry): Record<BearingFault, number> {
  const { balls, ballDiameter, pitchDiameter, contactAngle } = geometry;
  const ratio = (ballDiameter / pitchDiameter) * Math.cos((contactAngle * Math.PI) / 180);
  return {
    BPFO: (balls / 2) * (1 - ratio),
    BPFI: (balls / 2) * (1 + ratio),
    BSF: (pitchDiameter / (2 * ballDiameter)) * (1 - ratio * ratio),
    FTF: (1 - ratio) / 2,
  };
}
