/** How DN become physical values for one band of one scene, and why. Written into the result Item. */
export interface RadiometryDecision {
  readonly scale: number;
  readonly offset: number;
  /**
   * `metadata`: the Item's scale and offset as stated. `offset-already-applied`: the Item states an offset that its
   * provider already added to the pixels. `explicit`: the request gave them. `raw`: digital numbers asked for.
   * `file`: the file's own scale and offset. `product`: the constants published for the sensor's product. `none`: nothing states any; values used as they are.
   */
  readonly rule: 'metadata' | 'offset-already-applied' | 'explicit' | 'raw' | 'file' | 'product' | 'none';
  /** One sentence naming the fields that decided. */
  readonly because: string;
}
