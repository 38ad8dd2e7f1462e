package downstream.pretrain.method.ioca;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.train.Examples;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.ObjectiveContractTest;
import downstream.pretrain.TestEncoders;
import downstream.pretrain.TestPairs;
import downstream.pretrain.method.Mae;
import downstream.pretrain.mining.pairs.MinedPairs;
import downstream.pretrain.model.DecoderFile;
import downstream.pretrain.model.PretrainingModel;
import downstream.pretrain.settings.Budget;
import downstream.pretrain.settings.DecoderSettings;
import downstream.pretrain.settings.MiningSettings;
import downstream.pretrain.settings.TrainingSettings;
import downstream.pretrain.views.Photos;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class IocaTest extends ObjectiveContractTest<IocaExample> {
  private static final IocaSettings TINY =
      new IocaSettings(
          TestEncoders.VIT,
          new DecoderSettings(16, 1, 2),
          .75,
          true,
          .2,
          IocaSettings.ImageMaskGuide.UNION,
          ObjectSettings.DEFAULTS,
          ContrastSettings.DEFAULTS,
          MiningSettings.DEFAULTS,
          1,
          1,
          true,
          IocaSettings.InitFrom.STAGE_1,
          .5,
          Optional.empty(),
          Optional.empty(),
          Stage2Settings.DEFAULTS,
          TrainingSettings.adamW(8, 1e-1),
          Budget.epochs(20));

  /** Regions cover these small images; and both encoders start alike. */
  private static final Set<String> SAME_AT_FIRST =
      Set.of("imageMaskGuide: none", "regionsShareImageEncoder: false");

  @Override
  public PretrainingModel<IocaExample> model() {
    return model(TINY);
  }

  private IocaModel model(IocaSettings settings) {
    return new IocaModel(settings, TestEncoders.VIT.randomInit("start", 1), 1, manager);
  }

  @Override
  public Examples<IocaExample> examples(Photos photos) {
    return new IocaExamples(photos, TestPairs.mine(images(), folder), TINY);
  }

  @Override
  public double learningRate() {
    return 1e-2;
  }

  @Override
  public boolean isGradientOfItsLoss() {
    return false;
  }

  @Test
  void partners_have_no_gradient() {
    IocaModel model = model(TINY);
    try (NDManager scope = manager.newSubManager()) {
      Step step = step(scope);
      NDArray target = model.regions().target(model.batch(batch(model), step).partner(), step);
      assertThat(target.hasGradient()).isFalse();
      assertThat(target.getShape().get(1)).isEqualTo(64);
    }
  }

  @Test
  void defaults_are_the_methods() {
    assertThat(TINY.object().unitMaskRatio() * TINY.object().pixelMaskRatio()).isEqualTo(.8 * .75);
    assertThat(TINY.contrast().projectionWidth(TestEncoders.VIT)).isEqualTo(4 * 16);
    assertThat(TINY.contrast().predictorHiddenWidth(TestEncoders.VIT)).isEqualTo(16);
    assertThat(TINY.mining().neighbours()).isEqualTo(10);
    assertThat(TINY.mining().regions()).isEqualTo(100);
    assertThat(TINY.mining().pairSelection()).isEqualTo(MiningSettings.PairSelection.ROW_MAX);
    assertThat(IocaSettings.SMALL.imageWeight()).isEqualTo(1);
    assertThat(IocaSettings.SMALL.objectWeight()).isEqualTo(1);
  }

  @Test
  void state_has_the_running_statistics_of_both_encoders() {
    String separate = "{regionsShareImageEncoder: false, encoder: {piConv: true}}";
    assertThat(statistics(changed(separate), "encoder"))
        .isNotEmpty()
        .isEqualTo(statistics(changed(separate), "imageEncoder"));
    assertThat(statistics(changed("encoder: {piConv: true}"), "imageEncoder")).isEmpty();
  }

  /** Names of the arrays of a part that training changes without a gradient. */
  private Set<String> statistics(IocaSettings settings, String part) {
    IocaModel model =
        new IocaModel(settings, settings.encoder().randomInit("start", 1), 1, manager);
    return model.state().keySet().stream()
        .filter(name -> name.startsWith(part + "."))
        .map(name -> name.substring(part.length()))
        .collect(Collectors.toSet());
  }

  private static IocaSettings changed(String change) {
    ObjectNode tree =
        Json.over(Json.MAPPER.valueToTree(TINY), (ObjectNode) Json.parseYaml("test", change));
    return Json.as("test", tree, IocaSettings.class);
  }

  /** Every other value of a setting trains too, and changes the loss. */
  @TestFactory
  Stream<DynamicTest> each_ablation_is_a_setting() {
    Photos photos = photos();
    MinedPairs pairs = TestPairs.mine(images(), folder);
    float usual = loss(TINY, photos, pairs);
    return Stream.of(
            "imageMaskGuide: none",
            "object: {input: in-image}",
            "object: {augmentation: orl}",
            "object: {maskUnitPatches: 1}",
            "object: {hidden: {kept: scattered}, unitMaskRatio: 0.6, pixelMaskRatio: 1}",
            "object: {decoder: linear}",
            "object: {decoder: linear, normPix: false}",
            "object: {error: absolute}",
            "object: {draws: two}",
            "{object: {draws: two}, contrast: {sides: symmetric}}",
            "object: {hidden: {kept: scattered}}",
            "object: {hidden: {fill: zero}}",
            "object: {hidden: {kept: scattered, fill: zero}, draws: two}",
            "contrast: {sides: symmetric}",
            "contrast: {predictor: byol}",
            "regionsShareImageEncoder: false",
            "{normPix: false, object: {normPix: false}}",
            "imageWeight: 0",
            "{imageWeight: 0, object: {decoder: linear}}",
            "objectWeight: 0",
            "object: {reconstructionWeight: 0}",
            "contrast: {weight: 0}")
        .map(
            change ->
                DynamicTest.dynamicTest(
                    change,
                    () -> {
                      IocaSettings settings = changed(change);
                      float loss = loss(settings, photos, pairs);
                      assertThat(loss).isFinite();
                      if (!SAME_AT_FIRST.contains(change)) {
                        assertThat(loss).isNotEqualTo(usual);
                      }
                      checkParts(settings);
                    }));
  }

  private float loss(IocaSettings settings, Photos photos, MinedPairs pairs) {
    Examples<IocaExample> examples = new IocaExamples(photos, pairs, settings);
    try (NDManager scope = manager.newSubManager()) {
      List<IocaExample> batch = PretrainingModel.sample(examples, 8);
      return model(settings).losses(batch, step(scope)).total().getFloat();
    }
  }

  /** The network has the parts that the settings need, and no other. */
  private void checkParts(IocaSettings settings) {
    IocaModel model = model(settings);
    Set<String> parts =
        model.weights().stream()
            .map(Weight::name)
            .map(name -> name.replaceFirst("\\..*", ""))
            .collect(Collectors.toSet());
    boolean stage1 = settings.object().decoder() == ObjectSettings.Decoder.STAGE_1;
    boolean reconstructs = settings.objectWeight() * settings.object().reconstructionWeight() > 0;
    assertThat(parts.contains("decoder"))
        .isEqualTo(settings.imageWeight() > 0 || (stage1 && reconstructs));
    assertThat(parts.contains("regionDecoder")).isEqualTo(!stage1 && reconstructs);
    assertThat(parts.contains("predictor"))
        .isEqualTo(settings.objectWeight() * settings.contrast().weight() > 0);
    assertThat(parts.contains("imageEncoder"))
        .isEqualTo(!settings.regionsShareImageEncoder() && settings.imageWeight() > 0);
    assertThat(model.flops()).isPositive();
  }

  @Test
  void region_tokens_of_a_whole_image_have_shares_that_sum_to_1() {
    for (IocaExample example : batch(model())) {
      float[] shares = example.query().tokenWeights().values();
      double sum = 0;
      for (float share : shares) {
        sum += share;
      }
      assertThat(sum).isBetween(.9999, 1.0001);
    }
  }

  @Test
  void the_image_decoder_goes_on_from_stage_1() {
    Mae.MaeModel stage1 = new Mae.MaeModel(TINY.stage1Settings(), 7, manager);
    Path encoder = folder.resolve("mae.onnx");
    DecoderFile.write(encoder, stage1.decoderWeights("decoder"));
    IocaModel model = model(TINY);
    Weight trained = embedding(stage1.decoderWeights("decoder"));
    Weight own = embedding(model.weights());
    assertThat(own.array().toFloatArray()).isNotEqualTo(trained.array().toFloatArray());
    model.restoreDecoder(encoder);
    assertThat(own.array().toFloatArray()).containsExactly(trained.array().toFloatArray());
  }

  private static Weight embedding(List<Weight> weights) {
    return weights.stream()
        .filter(w -> w.name().startsWith("decoder.") && w.array().getShape().dimension() == 2)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void stage_1_gets_its_share_of_the_budget() {
    assertThat(TINY.stage1Settings().budget()).isEqualTo(Budget.epochs(10));
    assertThat(List.of(Budget.parse("flops=2e13").fraction(.5)))
        .containsExactly(Budget.parse("flops=1e13"));
  }
}
