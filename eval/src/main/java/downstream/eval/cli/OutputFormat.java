package downstream.eval.cli;

/** Format in which a command prints its result on standard output. */
public enum OutputFormat {
  TABLE,
  JSON,
  CSV,
  MARKDOWN
}
