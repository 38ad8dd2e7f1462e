package downstream.eval.torch;

/**
 * Precision of the networks that the current thread computes, in the manner of PyTorch's {@code
 * torch.autocast}: float32 unless an open instance says otherwise. Encoders and {@link
 * AutocastConvolution}s follow it; products of all other layers follow it through the engine's
 * precision of float32 products ({@link MatmulPrecision}), which is one for the whole process.
 */
public final class Autocast implements AutoCloseable {
  private static final ThreadLocal<Precision> CURRENT =
      ThreadLocal.withInitial(() -> Precision.FLOAT32);

  private final Precision before;

  private Autocast(Precision before) {
    this.before = before;
  }

  /** Switches to a precision until the result is closed. */
  public static Autocast to(Precision precision) {
    Autocast former = new Autocast(CURRENT.get());
    CURRENT.set(precision);
    MatmulPrecision.set(precision);
    return former;
  }

  /** Gives the current thread the precision that another one has switched the process to. */
  public static void follow(Precision precision) {
    CURRENT.set(precision);
  }

  /** Returns the precision of the current thread. */
  public static Precision current() {
    return CURRENT.get();
  }

  /**
   * Makes the engine follow the current thread's precision: by itself it computes convolutions in
   * TF32 on GPUs.
   */
  public static void enforce() {
    MatmulPrecision.set(CURRENT.get());
  }

  @Override
  public void close() {
    CURRENT.set(before);
    MatmulPrecision.set(before);
  }
}
