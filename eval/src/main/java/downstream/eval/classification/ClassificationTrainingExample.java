package downstream.eval.classification;

/** A training example in host memory; not a record, for it holds an array. */
final class ClassificationTrainingExample {
  private final float[] input;
  private final int label;

  /**
   * Makes an example.
   *
   * @param input pooled features of a frozen encoder; pixels for an encoder that is trained
   */
  ClassificationTrainingExample(float[] input, int label) {
    this.input = input;
    this.label = label;
  }

  float[] input() {
    return input;
  }

  int label() {
    return label;
  }
}
