package downstream.eval.encoder;

import com.fasterxml.jackson.annotation.JsonInclude;
import downstream.eval.Checks;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Facts about an encoder that its graph does not state.
 *
 * @param input name of the image input: float32 [N, 3, imageSize, imageSize], RGB, values (v/255 −
 *     mean) / std
 * @param imageSize side of the input in pixels
 * @param mean per channel, of values in [0, 1]
 * @param std per channel, of values in [0, 1]
 * @param levels the values that heads may read, finest first; at least one
 * @param buffers initialisers that are saved but never trained (a fixed position table)
 * @param builder the architecture, if this project wrote the graph as a transformer: then other
 *     image sizes can be had
 * @param anySize whether the graph takes every size that the coarsest level's stride divides, as a
 *     plain convolutional network does
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EncoderSpec(
    String input,
    int imageSize,
    List<Double> mean,
    List<Double> std,
    List<FeatureLevel> levels,
    Set<String> buffers,
    Optional<BuiltNetwork> builder,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean anySize) {

  public EncoderSpec {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    levels = List.copyOf(levels);
    buffers = Set.copyOf(buffers == null ? Set.of() : buffers);
    builder = builder == null ? Optional.empty() : builder;
    Checks.require(imageSize > 0, "imageSize must be positive, not " + imageSize);
    Checks.require(
        mean.size() == 3 && std.size() == 3,
        "mean and std must have three values, not " + mean + " and " + std);
    Checks.require(std.stream().allMatch(s -> s > 0), "std must be positive, not " + std);
    Checks.require(!levels.isEmpty(), "levels must name at least one value of the graph");
    Set<String> names = new HashSet<>();
    Checks.require(
        levels.stream().allMatch(level -> names.add(level.value())),
        "levels list a value twice: " + levels);
  }

  /** The architecture, if it is a plain Vision Transformer of this project. */
  public Optional<VitArchitecture> vit() {
    return builder.filter(VitArchitecture.class::isInstance).map(VitArchitecture.class::cast);
  }

  public EncoderSpec withImageSize(int size) {
    return new EncoderSpec(
        input,
        size,
        mean,
        std,
        levels,
        buffers,
        builder.map(network -> network.withImageSize(size)),
        anySize);
  }
}
