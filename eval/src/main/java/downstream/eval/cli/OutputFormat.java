package downstream.eval.cli;

/** How a verb prints its result on standard output. */
public enum OutputFormat {
  TABLE,
  JSON,
  CSV,
  MARKDOWN
}
