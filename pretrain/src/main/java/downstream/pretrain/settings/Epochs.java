package downstream.pretrain.settings;

/** Passes over the images as updates. */
public final class Epochs {
  private static final int CHECKPOINTS = 10;
  private static final int LONGEST = 500;

  private Epochs() {}

  /** Updates in an epoch: the last, smaller batch is left out, unless it is alone. */
  public static int steps(int images, int batch) {
    return Math.max(1, images / batch);
  }

  /** Images of one update. */
  public static int batch(int images, int batch) {
    return Math.min(images, batch);
  }

  /** Ten checkpoints a training, more often in a long one. */
  static int checkpointEvery(int steps) {
    return Math.max(1, Math.min(LONGEST, steps / CHECKPOINTS));
  }
}
