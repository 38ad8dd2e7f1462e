package downstream.pretrain.mining;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.Device;
import downstream.eval.FileTree;
import downstream.eval.data.DataSets;
import downstream.eval.data.ImageSet;
import downstream.eval.data.image.Image;
import downstream.pretrain.mining.pairs.NearestImages;
import downstream.pretrain.mining.pairs.NearestImagesTest;
import downstream.pretrain.mining.regions.ImageRegions;
import downstream.pretrain.mining.regions.ProposalCache;
import downstream.pretrain.mining.regions.SelectiveSearch;
import downstream.pretrain.settings.MiningSettings;
import downstream.pretrain.settings.MiningSettings.ProposalMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What mining costs beside what it is made of: proposals beside OpenCV's own time, nearest images
 * beside a plain matrix product. Arguments, for the proposals: a source of images, how many of
 * them.
 */
final class MiningBenchmark {
  private static final int IMAGES = 50_000;
  private static final int WIDTH = 384;
  private static final int SIDE = 2048;
  private static final int ROUNDS = 3;

  private MiningBenchmark() {}

  public static void main(String[] arguments) throws IOException {
    int threads = Runtime.getRuntime().availableProcessors();
    System.out.println(threads + " threads");
    if (arguments.length == 0) {
      for (int round = 0; round < ROUNDS; round++) {
        nearest(threads);
      }
      return;
    }
    ImageSet all = DataSets.images(List.of(arguments[0]));
    int count = arguments.length > 1 ? Integer.parseInt(arguments[1]) : all.images().size();
    ImageSet set = all.sample(Math.min(1, (double) count / all.images().size()), 0);
    for (int round = 0; round < ROUNDS; round++) {
      proposals(set, threads);
    }
  }

  private static void nearest(int threads) throws IOException {
    float[][] vectors = NearestImagesTest.random(IMAGES, WIDTH, 1);
    double product = productRate();
    long before = resident("VmRSS");
    resetPeak();
    long start = System.nanoTime();
    int found = NearestImages.find(vectors, 10, threads).size();
    double seconds = (System.nanoTime() - start) * 1e-9;
    double rate = 2.0 * IMAGES * IMAGES * WIDTH / seconds * 1e-9;
    long vectorsBytes = 4L * IMAGES * WIDTH;
    System.out.printf(
        Locale.ROOT,
        "nearest of %d x %d: %.1f s, %.0f GFLOP/s; product of %d: %.0f GFLOP/s; ratio %.2f;"
            + " peak %d MB above the %d MB of the vectors%n",
        found,
        WIDTH,
        seconds,
        rate,
        SIDE,
        product,
        rate / product,
        (resident("VmHWM") - before) >> 20,
        vectorsBytes >> 20);
  }

  /** The best of a few products of the training engine, GFLOP/s. */
  private static double productRate() {
    try (NDManager manager = Device.CPU.newManager()) {
      Engine.getInstance().setRandomSeed(1);
      NDArray left = manager.randomNormal(new Shape(SIDE, SIDE));
      NDArray right = manager.randomNormal(new Shape(SIDE, SIDE));
      double best = 0;
      for (int i = 0; i < 12; i++) {
        long start = System.nanoTime();
        try (NDArray product = left.matMul(right)) {
          product.getFloat(0, 0);
        }
        double seconds = (System.nanoTime() - start) * 1e-9;
        best = Math.max(best, 2.0 * SIDE * SIDE * SIDE / seconds * 1e-9);
      }
      return best;
    }
  }

  /** From the kernel, bytes. */
  private static long resident(String field) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(field + ":"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }

  /** The peak counts from now on. */
  private static void resetPeak() throws IOException {
    System.gc();
    Files.writeString(Path.of("/proc/self/clear_refs"), "5");
  }

  private static void proposals(ImageSet set, int threads) throws IOException {
    List<Image> decoded = new ArrayList<>();
    set.images().forEach(image -> decoded.add(Image.read(image.file())));
    double own = searchAlone(decoded);
    Path folder = Files.createTempDirectory("proposals");
    long start = System.nanoTime();
    ProposalCache cache = new ProposalCache(folder, ProposalMode.FAST, 0);
    ImageRegions regions = ImageRegions.find(set, MiningSettings.DEFAULTS, cache, threads);
    double seconds = (System.nanoTime() - start) * 1e-9;
    start = System.nanoTime();
    ImageRegions.find(set, MiningSettings.DEFAULTS, cache, threads);
    double again = (System.nanoTime() - start) * 1e-9;
    System.out.printf(
        Locale.ROOT,
        "proposals of %d images, %d regions: %.2f s; OpenCV's own %.2f s on %d threads; ratio %.2f;"
            + " from the cache %.2f s%n",
        decoded.size(),
        regions.total(),
        seconds,
        own / threads,
        threads,
        seconds / (own / threads),
        again);
    FileTree.delete(folder);
  }

  /** Seconds that OpenCV needs for all images, one after the other on one thread. */
  private static double searchAlone(List<Image> images) {
    SelectiveSearch.boxes(images.get(0), ProposalMode.FAST, 0);
    long start = System.nanoTime();
    int boxes = 0;
    for (Image image : images) {
      boxes += SelectiveSearch.boxes(image, ProposalMode.FAST, 0).size();
    }
    double seconds = (System.nanoTime() - start) * 1e-9;
    System.out.println(boxes + " boxes");
    return seconds;
  }
}
