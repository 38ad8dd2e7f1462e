package downstream.pretrain.method.ioca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.TestImages;
import downstream.pretrain.TestPairs;
import downstream.pretrain.method.MaeSettings;
import downstream.pretrain.mining.pairs.MinedPairs;
import downstream.pretrain.model.LayerFlops;
import downstream.pretrain.model.MaskedImage;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.Region;
import downstream.pretrain.views.ViewBox;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectLossesTest {
  @TempDir private Path folder;
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  /** Settings of the smallest preset, on a still smaller encoder. */
  private static IocaSettings settings(String change) {
    ObjectNode tree = Json.MAPPER.valueToTree(IocaSettings.PRESETS.get("smoke"));
    tree.set("encoder", Json.MAPPER.valueToTree(TestEncoders.VIT));
    tree = Json.over(tree, (ObjectNode) Json.parseYaml("test", change));
    return Json.as("test", tree, IocaSettings.class);
  }

  private List<IocaExample> examples(IocaSettings settings) {
    var images = TestImages.write(folder.resolve("images"), 12);
    MinedPairs mined = TestPairs.mine(images, folder);
    return PretrainingModel.sample(new IocaExamples(new Photos(images), mined, settings), 8);
  }

  private IocaModel model(IocaSettings settings) {
    return new IocaModel(settings, TestEncoders.VIT.randomInit("start", 1), 1, manager);
  }

  private Losses losses(IocaSettings settings, List<IocaExample> batch) {
    Step step =
        new Step(9, 10, manager, new ParameterStore(manager, false), new SplittableRandom(5));
    return model(settings).losses(batch, step);
  }

  private double term(String name, IocaSettings settings, List<IocaExample> batch) {
    return Objects.requireNonNull(losses(settings, batch).terms().get(name)).getFloat();
  }

  @Test
  void one_pass_gives_what_two_passes_over_the_same_regions_give() {
    IocaSettings one = settings("object: {draws: one}");
    List<IocaExample> batch = examples(one);
    assertThat(batch).allMatch(example -> example.region().equals(example.query()));
    assertThat(batch).anyMatch(IocaExample::paired);
    for (String term : List.of("image", "reconstruction", "contrast")) {
      double two = term(term, settings("object: {draws: two}"), batch);
      assertThat(term(term, one, batch)).as(term).isCloseTo(two, within(1e-5));
    }
  }

  /** Four of sixteen tokens are removed from a view of the whole image, perhaps mirrored. */
  @Test
  void guided_by_the_drawn_region_an_image_mask_hides_what_lies_in_one_region() {
    String few = "{minCropArea: 1, maskRatio: 0.25, imageMaskGuide: ";
    var images = TestImages.write(folder.resolve("images"), 12);
    MinedPairs mined = TestPairs.mine(images, folder);
    assertThat(withinARegion(new IocaExamples(new Photos(images), mined, settings(few + "drawn}"))))
        .isEqualTo(120);
    assertThat(withinARegion(new IocaExamples(new Photos(images), mined, settings(few + "none}"))))
        .isLessThan(100);
  }

  /** Number of 120 masks whose removed tokens all lie in one region, or which cover one. */
  private static long withinARegion(IocaExamples examples) {
    return IntStream.range(0, 120)
        .filter(
            draw -> {
              int image = draw % examples.size();
              int[] mask = examples.load(image, new SplittableRandom(draw)).image().mask().mask();
              return examples.mined().regions(image).stream()
                  .anyMatch(region -> fits(mask, region, false) || fits(mask, region, true));
            })
        .count();
  }

  private static boolean fits(int[] mask, Region region, boolean mirrored) {
    double perToken = 24 / 4.0; // images of 24 px, 4 × 4 tokens
    boolean noneOutside = true;
    boolean allInside = true;
    for (int token = 0; token < mask.length; token++) {
      int row = token / 4;
      double x = (token % 4 + .5) * perToken;
      double y = (row + .5) * perToken;
      int right = region.x() + region.width();
      ViewBox box =
          new ViewBox(
              mirrored ? 24 - right : region.x(),
              region.y(),
              mirrored ? 24 - region.x() : right,
              region.y() + region.height());
      boolean inside = box.contains(x, y);
      noneOutside &= inside || mask[token] == 0;
      allInside &= !inside || mask[token] == 1;
    }
    return noneOutside || allInside;
  }

  @Test
  void one_pass_saves_a_pass_through_the_encoder() {
    long forward = model(settings("{}")).encoder().flops(16);
    long two = model(settings("object: {draws: two}")).flops();
    assertThat(two - model(settings("object: {draws: one}")).flops())
        .isEqualTo(LayerFlops.TRAINED * forward);
  }

  @Test
  void regions_without_a_partner_are_reconstructed_and_contrast_with_nothing() {
    IocaSettings one = settings("object: {draws: one}");
    List<IocaExample> unpaired =
        examples(one).stream()
            .map(e -> new IocaExample(e.image(), e.region(), e.query(), e.query(), false))
            .toList();
    assertThat(term("contrast", one, unpaired)).isZero();
    assertThat(term("reconstruction", one, unpaired)).isPositive();
  }

  @Test
  void symmetric_contrast_of_equal_whole_regions_is_the_one_sided_one() {
    IocaSettings oneSided = settings("object: {draws: one}");
    IocaSettings symmetric = settings("{object: {draws: one}, contrast: {sides: symmetric}}");
    List<IocaExample> equal =
        examples(oneSided).stream().map(ObjectLossesTest::withItselfUnmasked).toList();
    assertThat(term("contrast", symmetric, equal))
        .isCloseTo(term("contrast", oneSided, equal), within(1e-5));
  }

  private static IocaExample withItselfUnmasked(IocaExample example) {
    float[] pixels = example.region().image().pixels().values();
    MaskedImage whole = new MaskedImage(pixels, new float[16 * 16]);
    IocaExample.Side side = new IocaExample.Side(whole, example.region().tokenWeights());
    return new IocaExample(example.image(), side, side, side, true);
  }

  @Test
  void total_is_the_weighted_sum_of_the_terms() {
    IocaSettings settings =
        settings(
            "{imageWeight: 2, objectWeight: 3, object: {reconstructionWeight: 0.5},"
                + " contrast: {weight: 0.1, rampFraction: 0}}");
    Losses losses = losses(settings, examples(settings));
    Map<String, Double> terms =
        losses.terms().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> (double) e.getValue().getFloat()));
    double sum =
        2 * Objects.requireNonNull(terms.get("image"))
            + 3 * .5 * Objects.requireNonNull(terms.get("reconstruction"))
            + 3 * .1 * Objects.requireNonNull(terms.get("contrast"));
    assertThat((double) losses.total().getFloat()).isCloseTo(sum, within(1e-5));
  }

  @ParameterizedTest
  @CsvSource({
    "0.2, 0, 100, 0.0001", // a thousandth
    "0.2, 10, 100, 0.003162278", // 0.1 / √1000
    "0.2, 20, 100, 0.1",
    "0.2, 99, 100, 0.1",
    "1, 50, 100, 0.003162278",
    "0, 0, 100, 0.1"
  })
  void contrast_rises_from_a_thousandth(double ramp, int step, int steps, double weight) {
    ContrastSettings contrast = settings("contrast: {rampFraction: " + ramp + "}").contrast();
    assertThat(contrast.weightAt(step, steps)).isCloseTo(weight, within(1e-9));
  }

  @Test
  void encoder_learns_at_a_fraction_of_the_rate_and_low_layers_at_less() {
    IocaModel model = model(settings("stage2: {encoderRateFraction: 0.1, layerDecay: 0.5}"));
    assertThat(rates(model, true)).containsExactlyInAnyOrder(.1, .05, .025); // norm, block, patches
    assertThat(rates(model, false)).containsExactly(1.0);
    assertThat(rates(model(settings("stage2: {encoderRateFraction: 1}")), true))
        .containsExactly(1.0);
  }

  /** Multiples of the learning rate, rounded, of the encoder or of everything else. */
  private static List<Double> rates(IocaModel model, boolean ofEncoder) {
    return model.weights().stream()
        .filter(weight -> weight.name().startsWith("encoder.") == ofEncoder)
        .map(Weight::rateScale)
        .map(rate -> Math.round(rate * 1e6) / 1e6)
        .distinct()
        .toList();
  }

  @Test
  void stage_2_has_a_rate_of_its_own_and_else_that_of_stage_1() {
    IocaSettings own =
        settings("{training: {baseLearningRate: 4e-3}, stage2: {baseLearningRate: 1e-3}}");
    MaeSettings stage1 = own.stage1Settings();
    assertThat(stage1.training().baseLearningRate()).isEqualTo(4e-3);
    assertThat(own.stage2().training(own.training()))
        .isEqualTo(stage1.training().withBaseLearningRate(1e-3));
    IocaSettings same = settings("training: {baseLearningRate: 4e-3}");
    assertThat(same.stage2().training(same.training())).isEqualTo(same.training());
  }

  @Test
  void what_stage_1s_decoder_cannot_go_on_with_is_refused() {
    assertThatThrownBy(() -> settings("normPix: false"))
        .hasMessageContaining("object.normPix must be normPix, false");
    assertThat(settings("{normPix: false, object: {decoder: linear}}").normPix()).isFalse();
    assertThatThrownBy(() -> settings("stage2: {layerDecay: 0}"))
        .hasMessageContaining("stage2.layerDecay must be in (0, 1]");
    assertThatThrownBy(
            () -> settings("object: {unitMaskRatio: 1, pixelMaskRatio: 1, hidden: {kept: block}}"))
        .hasMessageContaining("with a block kept in each patch of 4");
  }
}
