package downstream.eval;

/** Closing of resources after a failure. */
public final class Closeables {
  private Closeables() {}

  /** Closes what a failure leaves behind; a second failure is added to the first. */
  public static void closeAfter(Throwable failure, AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      failure.addSuppressed(e);
    }
  }
}
