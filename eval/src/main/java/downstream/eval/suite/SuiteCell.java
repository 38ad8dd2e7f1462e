package downstream.eval.suite;

/**
 * The smallest thing that is evaluated: an encoder with a seed in a block.
 *
 * @param encoder its name in the suite
 */
record SuiteCell(SuiteSection block, String encoder, long seed) {
  String title() {
    return encoder + " " + block.title() + " seed " + seed;
  }
}
