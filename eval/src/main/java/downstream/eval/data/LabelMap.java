package downstream.eval.data;

/** A class value per pixel. */
public final class LabelMap {
  private LabelMap() {}

  /** Placeholder. */
  public static void read() {}
}
