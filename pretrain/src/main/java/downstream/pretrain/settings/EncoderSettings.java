package downstream.pretrain.settings;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.SwinArchitecture;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.InitialWeights;
import downstream.eval.encoder.build.RandomWeights;
import downstream.eval.encoder.build.ResNet;
import downstream.eval.encoder.build.SwinTransformer;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.eval.encoder.rewrite.EncoderRewrites;
import downstream.pretrain.views.ImageNetStatistics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The encoder that a method trains. Vision Transformers have fixed sin-cos positions, as MAE's,
 * unless their blocks say otherwise; 0 for {@code width}, {@code depth} or {@code attentionHeads}
 * takes the network's own.
 *
 * @param network architecture
 * @param imageSize side of the encoder's input in pixels
 * @param patchSize side of a ViT's patch in pixels; those of a Swin Transformer have 4, a ResNet
 *     has none
 * @param width D of a ViT, channels of a Swin Transformer's first stage or a ResNet's stem
 * @param depth blocks of a ViT
 * @param attentionHeads number of attention heads of a ViT
 * @param classToken whether a learned token stands before a ViT's patches
 * @param piConv whether a ViT's patches are embedded by three convolutions with batch norm, as
 *     RingMo's, and not by one
 * @param frozenPatches whether a transformer's patch embedding stays as it was drawn (MoCo v3's
 *     {@code stop-grad-conv1})
 * @param blocks what a ViT's blocks have besides attention and MLP
 * @param initialWeights how random weights are drawn; by default as MAE for a ViT, as timm for a
 *     Swin Transformer, with zeroed last norms for a ResNet
 * @param init file of an encoder to start from, in place of random weights
 */
public record EncoderSettings(
    Network network,
    int imageSize,
    int patchSize,
    int width,
    int depth,
    int attentionHeads,
    boolean classToken,
    boolean piConv,
    boolean frozenPatches,
    BlockSettings blocks,
    Optional<InitialWeights> initialWeights,
    Optional<String> init) {
  /** Seconds to minutes on two cores. */
  public static final EncoderSettings SMALL =
      new EncoderSettings(Network.VIT_MICRO, 64, 8, 0, 0, 0, false, false);

  /** Encoder that trains in seconds. */
  public static final EncoderSettings SMOKE = vit(32, 8, 32, 1, 2);

  /** The encoder of MAE's paper. */
  public static final EncoderSettings VIT_BASE =
      new EncoderSettings(Network.VIT_BASE, 224, 16, 0, 0, 0, true, false);

  /** The encoder of BYOL's, SimSiam's and ORL's papers. */
  public static final EncoderSettings RESNET_50 =
      new EncoderSettings(Network.RESNET_50, 224, 16, 0, 0, 0, false, false);

  /** Pixels that a cell of the last level of a ResNet or Swin Transformer spans. */
  private static final int COARSEST_STRIDE = 32;

  public EncoderSettings {
    init = init == null ? Optional.empty() : init;
    initialWeights = initialWeights == null ? Optional.empty() : initialWeights;
    blocks = Objects.requireNonNullElse(blocks, BlockSettings.PLAIN);
    init.ifPresent(
        file ->
            SettingsChecks.that(
                Files.isRegularFile(Path.of(file)),
                "encoder.init must be the file of an encoder, '" + file + "' is none"));
    SettingsChecks.positive("encoder.imageSize", imageSize);
    if (network.isVit()) {
      vit(network.vit(imageSize, patchSize), width, depth, attentionHeads, classToken, piConv);
    } else {
      SettingsChecks.that(
          imageSize % COARSEST_STRIDE == 0,
          "encoder.imageSize must be a multiple of 32, not " + imageSize);
      SettingsChecks.that(
          depth == 0
              && attentionHeads == 0
              && !classToken
              && !piConv
              && blocks.equals(BlockSettings.PLAIN),
          "encoder.depth, attentionHeads, classToken, piConv and blocks are settings of a vit, not"
              + " of "
              + network);
      SettingsChecks.that(
          !frozenPatches || network.isSwin(),
          "encoder.frozenPatches is a setting of transformers, not of " + network);
      hierarchical(network, imageSize, width);
    }
    initialWeights.ifPresent(
        form ->
            SettingsChecks.that(
                form.isOfTransformers() == network.isTransformer(),
                "encoder.initialWeights "
                    + form
                    + " is one of "
                    + (form.isOfTransformers() ? "transformers" : "ResNets")
                    + ", not of "
                    + network));
  }

  /** Builds the network to check its sizes. */
  private static void hierarchical(Network network, int imageSize, int width) {
    if (network.isSwin()) {
      swin(network, imageSize, width);
    } else {
      resnet(network, width);
    }
  }

  /** An encoder with random weights, of which all are trained. */
  public EncoderSettings(
      Network network,
      int imageSize,
      int patchSize,
      int width,
      int depth,
      int attentionHeads,
      boolean classToken,
      boolean piConv) {
    this(
        network,
        imageSize,
        patchSize,
        width,
        depth,
        attentionHeads,
        classToken,
        piConv,
        false,
        BlockSettings.PLAIN,
        Optional.empty(),
        Optional.empty());
  }

  /** The same with a class token. */
  public EncoderSettings withClassToken() {
    return with(true, piConv, frozenPatches, blocks, initialWeights);
  }

  /** The same with its patch embedding left as it was drawn. */
  public EncoderSettings withFrozenPatches() {
    return with(classToken, piConv, true, blocks, initialWeights);
  }

  /** The same with patches embedded by three convolutions. */
  public EncoderSettings withPiConv() {
    return with(classToken, true, frozenPatches, blocks, initialWeights);
  }

  /** The same with these blocks. */
  public EncoderSettings withBlocks(BlockSettings others) {
    return with(classToken, piConv, frozenPatches, others, initialWeights);
  }

  /** The same with weights drawn in this way, where it fits the network and no other is set. */
  public EncoderSettings orInitialWeights(InitialWeights form) {
    return initialWeights.isEmpty() && form.isOfTransformers() == isTransformer()
        ? with(classToken, piConv, frozenPatches, blocks, Optional.of(form))
        : this;
  }

  private EncoderSettings with(
      boolean token,
      boolean convolutions,
      boolean frozen,
      BlockSettings others,
      Optional<InitialWeights> form) {
    return new EncoderSettings(
        network,
        imageSize,
        patchSize,
        width,
        depth,
        attentionHeads,
        token,
        convolutions,
        frozen,
        others,
        form,
        init);
  }

  /** A small transformer for tests and demonstrations. */
  public static EncoderSettings vit(int imageSize, int patch, int width, int depth, int heads) {
    return new EncoderSettings(
        Network.VIT_MICRO, imageSize, patch, width, depth, heads, false, false);
  }

  /** Tells whether the network is a ViT or a Swin Transformer. */
  @JsonIgnore
  public boolean isTransformer() {
    return network.isTransformer();
  }

  /** Tells whether the network is a plain Vision Transformer. */
  @JsonIgnore
  public boolean isVit() {
    return network.isVit();
  }

  /**
   * @throws IllegalStateException if it is none
   */
  public VitArchitecture vit() {
    return vit(network.vit(imageSize, patchSize), width, depth, attentionHeads, classToken, piConv)
        .withBlocks(blocks.layerScale(), blocks.relativePositions());
  }

  private static VitArchitecture vit(
      VitArchitecture own, int width, int depth, int heads, boolean classToken, boolean piConv) {
    VitArchitecture plain =
        new VitArchitecture(
            own.imageSize(),
            own.patch(),
            orDefault(width, own.width()),
            orDefault(depth, own.depth()),
            orDefault(heads, own.heads()),
            own.mlpRatio());
    VitArchitecture vit = classToken ? plain.withClassToken() : plain;
    return piConv ? vit.withPiConv() : vit;
  }

  private static SwinArchitecture swin(Network network, int imageSize, int width) {
    SwinArchitecture own = network.swin(imageSize);
    return new SwinArchitecture(
        imageSize, orDefault(width, own.width()), own.depths(), own.heads());
  }

  private static ResNet resnet(Network network, int width) {
    ResNet own = network.resNet();
    return new ResNet(own.depth(), orDefault(width, own.width()));
  }

  private static int orDefault(int given, int own) {
    return given == 0 ? own : given;
  }

  /** D, the width of an image's embedding. */
  public int embeddingWidth() {
    if (network.isSwin()) {
      return swin(network, imageSize, width).channels(SwinArchitecture.STAGES - 1);
    }
    return isVit() ? vit().width() : resnet(network, width).outputChannels();
  }

  /** L, the patches of an image. */
  public int tokens() {
    return vit().grid() * vit().grid();
  }

  /** Cells of an image along each side: patches of a ViT, the last level of other networks. */
  public int grid() {
    return isVit() ? vit().grid() : imageSize / COARSEST_STRIDE;
  }

  /** L, the cells of an image. */
  public int cells() {
    return grid() * grid();
  }

  /** Side of a cell in pixels. */
  public int cellSize() {
    return imageSize / grid();
  }

  /** Values of a cell's pixels. */
  public int cellValues() {
    return 3 * cellSize() * cellSize();
  }

  /** Values of a patch that a transformer has embedded. */
  public int patchWidth() {
    return network.isSwin() ? swin(network, imageSize, width).width() : embeddingWidth();
  }

  /** Side of the patches that a transformer embeds, in pixels. */
  public int patch() {
    return network.isSwin() ? SwinArchitecture.PATCH : patchSize;
  }

  /** P, the values of a patch. */
  public int patchValues() {
    return 3 * patchSize * patchSize;
  }

  /**
   * The encoder that a training starts from: the file {@code init}, or random weights.
   *
   * @throws BadInput if the file is not the network of these settings
   */
  public EncoderFile start(String name, long seed) {
    return init.map(file -> resized(EncoderFile.read(Path.of(file))))
        .orElseGet(() -> randomInit(name, seed));
  }

  /** The encoder with random weights; the same for every method at the same seed. */
  public EncoderFile randomInit(String name, long seed) {
    return build(name, seed, Json.MAPPER.createObjectNode());
  }

  /** The encoder with random weights and a given provenance. */
  public EncoderFile build(String name, long seed, ObjectNode provenance) {
    List<Double> mean = ImageNetStatistics.MEAN;
    List<Double> std = ImageNetStatistics.STD;
    RandomWeights weights = new RandomWeights(initialWeights.orElse(network.own()), seed);
    if (network.isSwin()) {
      SwinArchitecture swin = swin(network, imageSize, width);
      return SwinTransformer.build(swin, name, weights, mean, std, provenance);
    }
    return isVit()
        ? VisionTransformer.build(vit(), name, weights, mean, std, provenance)
        : resnet(network, width).build(name, imageSize, weights, mean, std, provenance);
  }

  /**
   * A given encoder at these settings' image size.
   *
   * @throws BadInput if it is not the network of these settings
   */
  public EncoderFile resized(EncoderFile file) {
    EncoderFile sized = EncoderRewrites.atSize(file, imageSize);
    Map<String, List<Long>> given = shapes(sized);
    shapes(randomInit("expected", 0))
        .forEach(
            (name, shape) -> {
              if (!shape.equals(given.get(name))) {
                throw new BadInput(
                    file.name() + ".onnx",
                    "is not the encoder of the settings: tensor '"
                        + name
                        + "' is "
                        + given.getOrDefault(name, List.of())
                        + ", expected "
                        + shape,
                    "Set encoder.* as the file was trained");
              }
            });
    return sized;
  }

  private static Map<String, List<Long>> shapes(EncoderFile file) {
    return file.model().getGraph().getInitializerList().stream()
        .collect(Collectors.toMap(TensorProto::getName, TensorProto::getDimsList));
  }
}
