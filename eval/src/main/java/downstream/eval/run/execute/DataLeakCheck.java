package downstream.eval.run.execute;

import downstream.eval.Digest;
import downstream.eval.data.ImageList;
import downstream.eval.data.ImageSet;
import downstream.eval.data.image.PerceptualHash;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.run.DataLeak;
import downstream.eval.run.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares the images of evaluation splits with the lists of images that encoders were pretrained
 * on. Each split is read once.
 */
public final class DataLeakCheck {
  /**
   * Images that differ in at most so many of 64 bits look alike; docs/reference/results.md says
   * why.
   */
  public static final int SIMILAR_BITS = 8;

  private static final int SHOWN = 20;

  private final Map<String, ImageList> splits = new HashMap<>();

  /**
   * Compares the encoder's list of pretraining images with the split.
   *
   * @throws downstream.eval.BadInput if the list is not one
   */
  public DataLeak check(EncoderFile encoder, ImageSet split) throws IOException {
    if (encoder.images().isEmpty()) {
      return DataLeak.unknown("no list of pretraining images was found beside the encoder");
    }
    Path file = encoder.images().get();
    String digest = Digest.of(file);
    String declared = encoder.provenance().at("/images/list").asText("");
    if (!declared.isEmpty() && !declared.equals(digest)) {
      return DataLeak.unknown(
          file.getFileName() + " is not the list that the encoder was made with");
    }
    return compared(ImageList.read(file), digest, listed(split));
  }

  /**
   * The check of a stored run once more; empty if there was none, or its list is not here.
   *
   * @param split what the run was scored on
   */
  public Optional<DataLeak> again(Result stored, ImageSet split) throws IOException {
    Optional<String> list = stored.data().leak().flatMap(DataLeak::list);
    for (String word : stored.provenance().command()) {
      Path file = EncoderFile.imagesBeside(Path.of(word));
      if (word.endsWith(".onnx")
          && Files.isRegularFile(file)
          && list.equals(Optional.of(Digest.of(file)))) {
        return Optional.of(compared(ImageList.read(file), list.get(), listed(split)));
      }
    }
    return Optional.empty();
  }

  private ImageList listed(ImageSet split) {
    return splits.computeIfAbsent(split.fingerprint(), key -> ImageList.of(split));
  }

  private static DataLeak compared(ImageList seen, String digest, ImageList split) {
    Set<String> bytes =
        seen.entries().stream().map(ImageList.Entry::sha256).collect(Collectors.toSet());
    List<String> same = new ArrayList<>();
    List<DataLeak.Pair> alike = new ArrayList<>();
    for (ImageList.Entry image : split.entries()) {
      if (bytes.contains(image.sha256())) {
        same.add(image.name());
      } else {
        nearest(image, seen).ifPresent(alike::add);
      }
    }
    alike.sort(Comparator.comparingInt(DataLeak.Pair::bits).thenComparing(DataLeak.Pair::image));
    return new DataLeak(
        same.isEmpty() ? DataLeak.Status.NONE : DataLeak.Status.LEAKED,
        Optional.empty(),
        Optional.of(digest),
        seen.entries().size(),
        same.size(),
        same.stream().limit(SHOWN).toList(),
        alike.size(),
        alike.stream().limit(SHOWN).toList());
  }

  private static Optional<DataLeak.Pair> nearest(ImageList.Entry scored, ImageList seen) {
    ImageList.Entry nearest = scored;
    int bits = SIMILAR_BITS + 1;
    for (ImageList.Entry image : seen.entries()) {
      int distance = PerceptualHash.distance(scored.hash(), image.hash());
      if (distance < bits) {
        nearest = image;
        bits = distance;
      }
    }
    return bits > SIMILAR_BITS
        ? Optional.empty()
        : Optional.of(new DataLeak.Pair(scored.name(), nearest.name(), bits));
  }
}
