package downstream.eval.confusion;

/** A confusion matrix that can be read: how often each class was predicted as each. */
public interface ConfusionCounts {
  /** Returns the number of classes. */
  int classes();

  /** Examples or pixels of class {@code groundTruth} that were predicted as {@code prediction}. */
  long count(int groundTruth, int prediction);

  /** All examples or pixels of class {@code groundTruth}. */
  long groundTruth(int groundTruth);
}
