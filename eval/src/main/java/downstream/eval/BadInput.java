package downstream.eval;

/**
 * Input that cannot be used: a file, a field or a flag that is not what it must be. Found before
 * anything expensive starts; the command line prints the message and exits with 2.
 */
public final class BadInput extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param where the file, flag or field, with line or id where there is one
   * @param problem what was expected and what was found (quoted)
   * @param fix what the user can do about it
   */
  public BadInput(Object where, String problem, String fix) {
    super(where + ": " + problem + ". " + fix);
  }

  /**
   * Error as {@link #BadInput(Object, String, String)}, keeping the cause for {@code --stacktrace}.
   */
  public BadInput(Object where, String problem, String fix, Throwable cause) {
    super(where + ": " + problem + ". " + fix, cause);
  }
}
