package downstream.pretrain.masks;

import ai.djl.ndarray.NDManager;
import downstream.eval.Checks;
import downstream.eval.cli.Table;
import downstream.eval.data.ImageSet;
import downstream.pretrain.views.Photos;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The context gain of a mask: by how much the eight neighbours lower the error with which the
 * hidden pixels of a patch are predicted from its own kept ones, by the best linear predictor of
 * each. A mask without it asks for nothing but interpolation within a patch.
 */
public final class ContextGain {
  private static final int HELD_SHARE = 5;
  private static final double EPSILON = 1e-6;
  private static final double[] PENALTIES = {1e-3, 1e-2, 1e-1, 1};
  private static final List<Double> MASKED = List.of(.6, .75, .9);

  private final Neighbourhoods neighbourhoods;
  private final int samples;

  /**
   * Errors of one choice of kept pixels.
   *
   * @param kept which pixels of a patch are kept
   * @param pixels how many
   * @param ownL1 mean absolute error of normalised pixels, from the kept ones of the patch
   * @param contextL1 the same, from these and the neighbours
   * @param ownNormPix mean squared error of pixels that are standardised patch by patch
   * @param contextNormPix the same, with the neighbours
   */
  public record Row(
      String kept,
      int pixels,
      double ownL1,
      double contextL1,
      double ownNormPix,
      double contextNormPix) {}

  /**
   * @param size side of a crop once resized, pixels, at least three patches
   * @param patch side of a patch, pixels
   * @param minCropArea smallest crop as a share of the image
   * @param samples patches to fit to; of a fifth as many, of other images, one half chooses the
   *     penalty of the fit and one half tests
   */
  public ContextGain(
      ImageSet images, int size, int patch, double minCropArea, int samples, long seed) {
    Checks.require(
        patch >= 4 && size >= 3 * patch,
        "--patch must be at least 4 and --size at least three patches, not "
            + patch
            + " and "
            + size);
    int count = images.images().size();
    Checks.require(count >= 5, "at least 5 images are needed, not " + count);
    Checks.require(samples >= 10, "--samples must be at least 10, not " + samples);
    this.samples = samples;
    neighbourhoods = new Neighbourhoods(new Photos(images), size, patch, minCropArea, seed);
  }

  /** Measures every kind of kept pixels: none, scattered ones, blocks. */
  public List<Row> measure() {
    try (NDManager manager = NDManager.newBaseManager()) {
      List<Neighbourhoods.Sample> train = neighbourhoods.draw(samples, false);
      List<Neighbourhoods.Sample> held = neighbourhoods.draw(samples / HELD_SHARE, true);
      List<double[]> truth = held.stream().map(this::targets).toList();
      List<LinearPredictors> own = predictors(train, held, false, manager);
      List<LinearPredictors> context = predictors(train, held, true, manager);
      List<Row> rows = new ArrayList<>();
      for (Kept kept : kinds()) {
        Errors alone = errors(own, kept.pixels(), truth);
        Errors together = errors(context, kept.pixels(), truth);
        rows.add(
            new Row(
                kept.name(),
                kept.pixels().length,
                alone.absolute(),
                together.absolute(),
                alone.normPix(),
                together.normPix()));
      }
      return rows;
    }
  }

  /** Pixels of a patch that are kept, as places in raster order. */
  @SuppressWarnings("ArrayRecordComponent") // compared by identity, never by content
  private record Kept(String name, int[] pixels) {}

  private List<Kept> kinds() {
    int patch = neighbourhoods.patch();
    List<Kept> kinds = new ArrayList<>(List.of(new Kept("none", new int[0])));
    for (double masked : MASKED) {
      int[] hidden =
          new KeptPixels.Scattered()
              .drawHidden(
                  patch, new MaskRatios(1, masked), new SplittableRandom(neighbourhoods.seed()));
      kinds.add(new Kept("scattered, %s masked".formatted(masked), others(hidden)));
    }
    for (int side : IntStream.of(patch / 2, 3 * patch / 8, patch / 4).distinct().toArray()) {
      int first = (patch - side) / 2;
      int[] block =
          IntStream.range(0, side * side)
              .map(i -> (first + i / side) * patch + first + i % side)
              .toArray();
      kinds.add(new Kept("block of %d × %d".formatted(side, side), block));
    }
    return kinds;
  }

  private int[] others(int[] hidden) {
    boolean[] isHidden = new boolean[neighbourhoods.patch() * neighbourhoods.patch()];
    Arrays.stream(hidden).forEach(pixel -> isHidden[pixel] = true);
    return IntStream.range(0, isHidden.length).filter(pixel -> !isHidden[pixel]).toArray();
  }

  /** Predictors at each penalty. */
  private List<LinearPredictors> predictors(
      List<Neighbourhoods.Sample> train,
      List<Neighbourhoods.Sample> held,
      boolean context,
      NDManager manager) {
    LinearPredictors.Products products =
        LinearPredictors.Products.of(rows(train, context), manager);
    LinearPredictors.Rows test = rows(held, context);
    return Arrays.stream(PENALTIES)
        .mapToObj(penalty -> new LinearPredictors(products, penalty, test, manager))
        .toList();
  }

  private LinearPredictors.Rows rows(List<Neighbourhoods.Sample> samples, boolean context) {
    return new LinearPredictors.Rows(
        samples.stream().map(s -> withOne(context ? s.neighbours() : new double[0])).toList(),
        samples.stream().map(Neighbourhoods.Sample::own).toList(),
        samples.stream().map(this::targets).toList());
  }

  private static double[] withOne(double[] values) {
    double[] row = Arrays.copyOf(values, values.length + 1);
    row[values.length] = 1;
    return row;
  }

  /** The patch as it is, then standardised as MAE does: (x − mean) / √(variance + 1e-6). */
  private double[] targets(Neighbourhoods.Sample sample) {
    double[] own = sample.own();
    int count = own.length;
    double mean = Arrays.stream(own).average().orElseThrow();
    double squares = Arrays.stream(own).map(value -> (value - mean) * (value - mean)).sum();
    double deviation = Math.sqrt(squares / (count - 1) + EPSILON);
    double[] targets = Arrays.copyOf(own, 2 * count);
    for (int i = 0; i < count; i++) {
      targets[count + i] = (own[i] - mean) / deviation;
    }
    return targets;
  }

  /**
   * Errors of hidden pixels.
   *
   * @param absolute mean absolute error of normalised pixels
   * @param normPix mean squared error of pixels standardised patch by patch
   */
  private record Errors(double absolute, double normPix) {}

  /** Errors on one half of the samples, each at the penalty that is best on the other half. */
  private Errors errors(List<LinearPredictors> penalties, int[] kept, List<double[]> truth) {
    Errors best = new Errors(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    Errors tested = best;
    for (LinearPredictors predictors : penalties) {
      int[] columns = Arrays.stream(kept).flatMap(p -> IntStream.range(3 * p, 3 * p + 3)).toArray();
      double[][] predicted = predictors.predict(columns);
      Errors chooses = errors(predicted, columns, truth, 0);
      Errors tests = errors(predicted, columns, truth, 1);
      boolean absolute = chooses.absolute() < best.absolute();
      boolean normPix = chooses.normPix() < best.normPix();
      best =
          new Errors(
              absolute ? chooses.absolute() : best.absolute(),
              normPix ? chooses.normPix() : best.normPix());
      tested =
          new Errors(
              absolute ? tests.absolute() : tested.absolute(),
              normPix ? tests.normPix() : tested.normPix());
    }
    return tested;
  }

  /** Errors on every other sample, from a first one on. */
  private Errors errors(double[][] predicted, int[] kept, List<double[]> truth, int first) {
    int values = neighbourhoods.values();
    boolean[] isKept = new boolean[values];
    Arrays.stream(kept).forEach(value -> isKept[value] = true);
    double absolute = 0;
    double squared = 0;
    long count = 0;
    for (int i = first; i < predicted.length; i += 2) {
      for (int value = 0; value < values; value++) {
        if (!isKept[value]) {
          double normPix = predicted[i][values + value] - truth.get(i)[values + value];
          absolute += Math.abs(predicted[i][value] - truth.get(i)[value]);
          squared += normPix * normPix;
          count++;
        }
      }
    }
    return new Errors(absolute / count, squared / count);
  }

  /** Table of the rows, with the share of the error that context takes away. */
  public static Table table(List<Row> rows) {
    Table table =
        new Table(
            List.of(
                "kept in a masked patch",
                "pixels",
                "L1, own",
                "L1, with context",
                "gain",
                "norm-pix MSE, own",
                "norm-pix MSE, with context",
                "norm-pix gain"),
            List.of(
                "kept",
                "pixels",
                "l1_own",
                "l1_context",
                "l1_gain",
                "norm_pix_own",
                "norm_pix_context",
                "norm_pix_gain"));
    for (Row row : rows) {
      table.row(
          row.kept(),
          row.pixels(),
          row.ownL1(),
          row.contextL1(),
          1 - row.contextL1() / row.ownL1(),
          row.ownNormPix(),
          row.contextNormPix(),
          1 - row.contextNormPix() / row.ownNormPix());
    }
    return table;
  }
}
