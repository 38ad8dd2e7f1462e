package downstream.eval.suite;

/**
 * The smallest thing that is evaluated: an encoder with a seed in a block.
 *
 * @param encoder its name in the suite
 */
record SuiteCell(RankedGroup section, String encoder, long seed) {
  String title() {
    return encoder + " " + section.title() + " seed " + seed;
  }
}
