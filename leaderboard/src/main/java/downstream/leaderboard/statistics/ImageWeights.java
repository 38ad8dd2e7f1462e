package downstream.leaderboard.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Bootstrap weights: how often each image is drawn in each replicate. The same data gives the same
 * draws, so that the replicates of all its runs are paired.
 *
 * @param blocks of each image, the number of the block it is drawn with, from 0; images alone have
 *     a block each
 * @param seed derived from the data
 */
public record ImageWeights(List<Integer> blocks, long seed) {
  public ImageWeights {
    blocks = List.copyOf(blocks);
  }

  /** Images that are drawn one by one. */
  public static ImageWeights ofImages(int images, String dataFingerprint) {
    return new ImageWeights(
        java.util.stream.IntStream.range(0, images).boxed().toList(), seed(dataFingerprint));
  }

  /**
   * Names in the set's order; images whose names agree in what the pattern captures go together.
   */
  public static ImageWeights ofBlocks(
      List<String> names, java.util.regex.Pattern pattern, String dataFingerprint) {
    java.util.Map<String, Integer> numbers = new java.util.HashMap<>();
    List<Integer> blocks =
        names.stream()
            .map(name -> numbers.computeIfAbsent(key(name, pattern), key -> numbers.size()))
            .toList();
    return new ImageWeights(blocks, seed(dataFingerprint));
  }

  private static String key(String name, java.util.regex.Pattern pattern) {
    var matcher = pattern.matcher(name);
    if (!matcher.find()) {
      throw new downstream.eval.BadInput(
          "--block " + pattern, "does not match image '" + name + "'", "Capture the block's name");
    }
    return matcher.groupCount() == 0 ? matcher.group() : String.valueOf(matcher.group(1));
  }

  private static long seed(String fingerprint) {
    return Long.parseUnsignedLong(fingerprint.substring(0, 16), 16);
  }

  /** Returns the number of blocks that a replicate draws. */
  public int count() {
    return blocks.stream().mapToInt(b -> b + 1).max().orElse(0);
  }

  /** Weights of the images in one replicate: as many blocks are drawn as there are. */
  public double[] sample(int replicate) {
    Random random = new Random(seed + 0x9E3779B97F4A7C15L * (replicate + 1));
    int count = count();
    double[] times = new double[count];
    for (int i = 0; i < count; i++) {
      times[random.nextInt(count)]++;
    }
    double[] weights = new double[blocks.size()];
    Arrays.setAll(weights, image -> times[blocks.get(image)]);
    return weights;
  }
}
