package downstream.detection.metrics.mask;

/**
 * Two masks' runs walked at once: each step is the longest piece in which neither changes. Ends
 * where both are used up.
 */
final class RleOverlap {
  private final int[] firstRuns;
  private final int[] secondRuns;
  private int firstAt = 1;
  private int secondAt = 1;
  private int firstLeft;
  private int secondLeft;
  private boolean nextFirst;
  private boolean nextSecond;

  /** True if the piece is foreground of the first mask. */
  boolean first;

  /** True if the piece is foreground of the second mask. */
  boolean second;

  /** Pixels of the piece; 0 where a run is empty. */
  int length;

  RleOverlap(int[] firstRuns, int[] secondRuns) {
    this.firstRuns = firstRuns;
    this.secondRuns = secondRuns;
    firstLeft = firstRuns.length == 0 ? 0 : firstRuns[0];
    secondLeft = secondRuns.length == 0 ? 0 : secondRuns[0];
  }

  /** Moves to the next piece; false if there is none. */
  boolean next() {
    skipEmptyFirst();
    skipEmptySecond();
    length = Math.min(firstLeft, secondLeft);
    first = nextFirst;
    second = nextSecond;
    firstLeft -= length;
    secondLeft -= length;
    return length > 0;
  }

  private void skipEmptyFirst() {
    while (firstLeft == 0 && firstAt < firstRuns.length) {
      firstLeft = firstRuns[firstAt++];
      nextFirst = !nextFirst;
    }
  }

  private void skipEmptySecond() {
    while (secondLeft == 0 && secondAt < secondRuns.length) {
      secondLeft = secondRuns[secondAt++];
      nextSecond = !nextSecond;
    }
  }
}
