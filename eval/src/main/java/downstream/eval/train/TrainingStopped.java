package downstream.eval.train;

/**
 * A training that cannot go on to anything useful: the message says what happened at which step and
 * what to do. What was saved before stays; the command line exits with 3.
 */
public class TrainingStopped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param method what is being trained
   * @param problem what happened, with the step
   * @param fix what the user can do about it
   */
  protected TrainingStopped(String method, String problem, String fix) {
    super(method + ": " + problem + ". " + fix);
  }
}
