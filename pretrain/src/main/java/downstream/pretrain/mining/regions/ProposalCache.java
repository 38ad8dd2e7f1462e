package downstream.pretrain.mining.regions;

import com.fasterxml.jackson.core.JsonProcessingException;
import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.eval.data.image.Image;
import downstream.pretrain.settings.MiningSettings.ProposalMode;
import downstream.pretrain.views.Region;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The proposals of images, searched once and kept on disk: one small JSON file per image, {@code
 * MODE/ab/<digest of the image's bytes>.json}, a list of [x, y, width, height]. Any number of
 * processes and minings may share it.
 */
public final class ProposalCache {
  private final Path folder;
  private final ProposalMode mode;
  private final int side;

  /**
   * Opens the cache of one kind of search.
   *
   * @param folder of caches of any kind
   * @param side longer side to which smaller images are enlarged before the search; 0: none
   */
  public ProposalCache(Path folder, ProposalMode mode, int side) {
    String version = SelectiveSearch.version(mode, side);
    String key = mode.name().toLowerCase(java.util.Locale.ROOT);
    this.folder = folder.resolve(key + "-" + new Digest().add(version).hex().substring(0, 8));
    this.mode = mode;
    this.side = side;
  }

  /**
   * The proposals of an image, best first. OpenCV ranks by a random number times the level at which
   * a region arose; the level is not to be had, so its place by area stands in. The random numbers
   * are seeded by the image, so that the order is always the same.
   */
  public List<Region> ranked(Path image) {
    String digest = digest(image);
    List<Region> boxes = boxes(image, digest);
    SplittableRandom random = new SplittableRandom(Long.parseUnsignedLong(digest, 0, 16, 16));
    double[] rank = new double[boxes.size()];
    for (int i = 0; i < rank.length; i++) {
      rank[i] = random.nextDouble() * (i + 1);
    }
    return IntStream.range(0, rank.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> rank[i]))
        .map(boxes::get)
        .toList();
  }

  private static String digest(Path image) {
    try {
      return Digest.of(image);
    } catch (IOException e) {
      throw BadInput.unreadable(image, e);
    }
  }

  /** Reads the stored boxes, else searches and stores them. */
  private List<Region> boxes(Path image, String digest) {
    Path file = folder.resolve(digest.substring(0, 2)).resolve(digest + ".json");
    Optional<List<Region>> stored = read(file);
    if (stored.isPresent()) {
      return stored.get();
    }
    List<Region> boxes = SelectiveSearch.boxes(Image.read(image), mode, side);
    int[][] rows =
        boxes.stream()
            .map(box -> new int[] {box.x(), box.y(), box.width(), box.height()})
            .toArray(int[][]::new);
    AtomicFile.writeSoon(
        file, (Json.canonical(rows) + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    return boxes;
  }

  /** The stored boxes; empty if the file is missing or damaged: it is written again. */
  private static Optional<List<Region>> read(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      List<Region> boxes = new ArrayList<>();
      for (int[] box : Json.MAPPER.readValue(Files.readAllBytes(file), int[][].class)) {
        boxes.add(new Region(box[0], box[1], box[2], box[3]));
      }
      return boxes.isEmpty() ? Optional.empty() : Optional.of(boxes);
    } catch (JsonProcessingException
        | ArrayIndexOutOfBoundsException
        | IllegalArgumentException damaged) {
      return Optional.empty();
    } catch (IOException e) {
      throw BadInput.unreadable(file, e);
    }
  }
}
