package downstream.segmentation.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.encoder.FeatureLevel.Layout;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.ResNet;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.eval.finetune.BlockHead;
import downstream.eval.train.EngineSeed;
import downstream.eval.train.optimiser.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentationHeadsTest {
  private static final int SIZE = 64;
  private static final int CLASSES = 7;
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

  /** Of a ResNet: four strides, four widths. */
  private static final List<FeatureLevel> STEPS =
      List.of(level(4, 6), level(8, 8), level(16, 10), level(32, 12));

  /** Of a transformer with patches of 16. */
  private static final List<FeatureLevel> PLAIN =
      List.of(level(16, 8), level(16, 8), level(16, 8), level(16, 8));

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void heads_give_a_logit_for_every_class_and_cell_of_the_map_they_decide_on() {
    assertThat(shapes("linear", STEPS, false)).containsExactly(new Shape(2, CLASSES, 2, 2));
    assertThat(shapes("fcn", STEPS, false)).containsExactly(new Shape(2, CLASSES, 2, 2));
    assertThat(shapes("upernet", STEPS, false)).containsExactly(new Shape(2, CLASSES, 16, 16));
    assertThat(shapes("upernet", PLAIN, false)).containsExactly(new Shape(2, CLASSES, 16, 16));
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear", "fcn", "upernet"})
  void output_shapes_are_known_before_a_forward_pass(String name) {
    Shape[] maps = maps(STEPS).stream().map(NDArray::getShape).toArray(Shape[]::new);
    assertThat(head(name, STEPS, 1).getOutputShapes(maps))
        .containsExactlyElementsOf(shapes(name, STEPS, false));
  }

  @Test
  void heads_give_auxiliary_logits_in_training_alone() {
    assertThat(shapes("fcn", STEPS, true))
        .containsExactly(new Shape(2, CLASSES, 2, 2), new Shape(2, CLASSES, 4, 4));
    assertThat(shapes("upernet", PLAIN, true))
        .containsExactly(new Shape(2, CLASSES, 16, 16), new Shape(2, CLASSES, 4, 4));
    assertThat(shapes("fcn", STEPS.subList(3, 4), true)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear", "fcn", "upernet"})
  void heads_draw_their_weights_from_the_seed_alone(String head) {
    assertThat(weights(head(head, STEPS, 5))).isEqualTo(weights(head(head, STEPS, 5)));
    assertThat(weights(head(head, STEPS, 5))).isNotEqualTo(weights(head(head, STEPS, 6)));
  }

  /** Every weight has a say in the loss: none of a head's parts hangs loose. */
  @ParameterizedTest
  @ValueSource(strings = {"linear", "fcn", "upernet"})
  void every_weight_has_a_gradient(String name) {
    for (List<FeatureLevel> levels : List.of(STEPS, PLAIN)) {
      Block head = head(name, levels, 1);
      List<Weight> weights = Weight.of("head", head);
      try (var collector = manager.getEngine().newGradientCollector()) {
        NDList logits = head.forward(new ParameterStore(manager, false), maps(levels), true);
        NDArray loss = logits.head().square().mean();
        loss = logits.size() > 1 ? loss.add(logits.get(1).square().mean()) : loss;
        collector.backward(loss);
      }
      assertThat(weights).hasSizeGreaterThan(2);
      assertThat(weights)
          .allSatisfy(
              weight ->
                  assertThat(weight.array().getGradient().abs().sum().getFloat())
                      .as(weight.name())
                      .isPositive());
    }
  }

  @Test
  void linear_sees_one_cell_at_a_time_fcn_its_neighbours_and_upernet_everything() {
    List<FeatureLevel> fine = List.of(level(4, 8), level(8, 8));
    assertThat(changedCells("linear", fine)).isEqualTo("rows 4 to 4, columns 4 to 4");
    // Three 3×3 convolutions, the last behind the join, see 7×7 cells.
    assertThat(changedCells("fcn", fine)).isEqualTo("rows 1 to 7, columns 1 to 7");
    // Logits of the finest level, and pooling over all cells.
    assertThat(changedCells("upernet", fine)).isEqualTo("rows 0 to 15, columns 0 to 15");
  }

  @Test
  void linear_is_norm_and_product_as_computed_by_hand() {
    Block head = head("linear", STEPS, 3);
    NDList maps = maps(STEPS);
    NDArray logits = head.forward(new ParameterStore(manager, false), maps, false).head();
    List<float[]> parameters = new ArrayList<>();
    head.getParameters().forEach(p -> parameters.add(p.getValue().getArray().toFloatArray()));
    float[] kernel =
        parameters.stream().filter(p -> p.length == 12 * CLASSES).findFirst().orElseThrow();
    NDArray cell = maps.get(3).get(new NDIndex("1, :, 0, 1"));
    for (int c = 0; c < CLASSES; c++) {
      double sum = 0;
      for (int k = 0; k < 12; k++) {
        sum += kernel[c * 12 + k] * cell.getFloat(k) / Math.sqrt(1 + 1e-5);
      }
      assertThat((double) logits.getFloat(1, c, 0, 1)).isEqualTo(sum, within(1e-5));
    }
  }

  @Test
  void averages_over_grids_as_adaptive_pooling_does() {
    NDArray map = manager.randomNormal(new Shape(2, 3, 7, 5));
    for (int grid : new int[] {1, 2, 3, 6}) {
      NDArray average = PyramidPooling.average(map, grid);
      assertThat(average.getShape()).isEqualTo(new Shape(2, 3, grid, grid));
      for (int y = 0; y < grid; y++) {
        for (int x = 0; x < grid; x++) {
          int top = (int) Math.floor(y * 7.0 / grid);
          int bottom = (int) Math.ceil((y + 1) * 7.0 / grid);
          int left = (int) Math.floor(x * 5.0 / grid);
          int right = (int) Math.ceil((x + 1) * 5.0 / grid);
          double sum = 0;
          for (int row = top; row < bottom; row++) {
            for (int column = left; column < right; column++) {
              sum += map.getFloat(1, 2, row, column);
            }
          }
          assertThat((double) average.getFloat(1, 2, y, x))
              .isEqualTo(sum / (bottom - top) / (right - left), within(1e-5));
        }
      }
    }
  }

  @Test
  void a_transformer_s_maps_become_strides_4_to_32() {
    FeatureToPyramid pyramid = new FeatureToPyramid(8, 16, 4);
    NDList maps = maps(PLAIN);
    Shape[] shapes = maps.stream().map(NDArray::getShape).toArray(Shape[]::new);
    pyramid.initialize(manager, ai.djl.ndarray.types.DataType.FLOAT32, shapes);
    NDList levels = pyramid.forward(new ParameterStore(manager, false), maps, false);

    assertThat(levels.stream().map(map -> map.getShape().get(2))).containsExactly(16L, 8L, 4L, 2L);
    assertThat(levels.get(2)).isEqualTo(maps.get(2));
    NDArray corner = maps.get(3).get(new NDIndex("0, 0, 0:2, 0:2"));
    assertThat(levels.get(3).getFloat(0, 0, 0, 0)).isEqualTo(corner.max().getFloat());
  }

  @Test
  void dropout_takes_out_whole_channels_and_keeps_the_mean() {
    NDArray ones = manager.ones(new Shape(50, 40, 2, 2));
    ChannelDropout dropout = new ChannelDropout(0.25);
    ParameterStore store = new ParameterStore(manager, false);
    NDArray out = dropout.forward(store, new NDList(ones), true).head();

    assertThat((double) out.mean().getFloat()).isEqualTo(1, within(0.05));
    assertThat(out.sub(out.get(new NDIndex(":, :, 0:1, 0:1"))).abs().sum().getFloat()).isZero();
    assertThat(dropout.forward(store, new NDList(ones), false).head()).isEqualTo(ones);
  }

  @Test
  void read_the_levels_of_a_resnet_and_blocks_of_a_transformer() {
    EncoderFile resnet =
        new ResNet(18, 8).build("r", SIZE, 1, HALF, HALF, Json.MAPPER.createObjectNode());
    assertThat(SegmentationHeads.levels(settings("upernet"), resnet))
        .extracting(FeatureLevel::stride)
        .containsExactly(4, 8, 16, 32);
    assertThat(SegmentationHeads.levels(settings("fcn"), resnet))
        .extracting(FeatureLevel::stride)
        .containsExactly(16, 32);
    EncoderFile vit =
        VisionTransformer.build(
            new VitArchitecture(SIZE, 16, 16, 8, 2, 2),
            "v",
            1,
            HALF,
            HALF,
            Json.MAPPER.createObjectNode());
    assertThat(SegmentationHeads.levels(settings("upernet"), vit))
        .extracting(FeatureLevel::value)
        .containsExactly("blocks.1", "blocks.3", "blocks.5", "blocks.7");
    assertThat(SegmentationHeads.levels(settings("fcn"), vit))
        .extracting(FeatureLevel::value)
        .containsExactly("blocks.5", "latent");
    EncoderFile token =
        VisionTransformer.build(
            new VitArchitecture(SIZE, 16, 16, 4, 2, 2).withClassToken(),
            "t",
            1,
            HALF,
            HALF,
            Json.MAPPER.createObjectNode());
    assertThat(SegmentationHeads.levels(settings("upernet"), token))
        .allSatisfy(level -> assertThat(level.extraTokens()).isEqualTo(1));
  }

  private static FeatureLevel level(int stride, int channels) {
    return new FeatureLevel("map" + stride, stride, channels, Layout.MAP);
  }

  private static HeadSettings settings(String name) {
    boolean linear = name.equals("linear");
    return new HeadSettings(
        SegmentationHeadType.valueOf(name.toUpperCase(Locale.ROOT)),
        linear ? 0 : 5,
        name.equals("fcn"),
        linear ? 0.0 : 0.4,
        linear ? 0 : 3,
        0.0,
        List.of(.25, .5, .75, 1.));
  }

  private Block head(String name, List<FeatureLevel> levels, long seed) {
    Engine.getInstance().setRandomSeed(EngineSeed.of(seed));
    Block block = SegmentationHeads.create(settings(name), levels, CLASSES);
    return BlockHead.create(levels, block, SIZE, manager).block();
  }

  private NDList maps(List<FeatureLevel> levels) {
    NDList maps = new NDList();
    for (FeatureLevel level : levels) {
      int side = SIZE / level.stride();
      maps.add(manager.randomNormal(new Shape(2, level.channels(), side, side)));
    }
    return maps;
  }

  private List<Shape> shapes(String name, List<FeatureLevel> levels, boolean training) {
    NDList logits =
        head(name, levels, 1).forward(new ParameterStore(manager, false), maps(levels), training);
    return logits.stream().map(NDArray::getShape).toList();
  }

  /** How many cells' logits move when one cell of the last map does. */
  /**
   * The smallest rectangle of logits that holds all that change with the cell in row and column 4.
   */
  private String changedCells(String name, List<FeatureLevel> levels) {
    Block head = head(name, levels, 1);
    NDList maps = maps(levels);
    NDList changed = new NDList(maps);
    NDArray last = maps.get(maps.size() - 1).duplicate();
    last.set(new NDIndex(":, :, 4, 4"), array -> array.addi(10));
    changed.set(maps.size() - 1, last);
    ParameterStore store = new ParameterStore(manager, false);
    NDArray difference =
        head.forward(store, maps, false)
            .head()
            .sub(head.forward(store, changed, false).head())
            .abs();
    NDArray change = difference.get("0").max(new int[] {0});
    return "rows " + extent(change, 1) + ", columns " + extent(change, 0);
  }

  private static String extent(NDArray change, int otherAxis) {
    long[] places = change.max(new int[] {otherAxis}).gt(0).nonzero().toLongArray();
    return places[0] + " to " + places[places.length - 1];
  }

  private static List<String> weights(Block head) {
    return Weight.of("head", head).stream()
        .map(weight -> weight.name() + Arrays.toString(weight.array().toFloatArray()))
        .toList();
  }
}
