package downstream.pretrain.mining.pairs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.BadInput;
import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.eval.data.ImageSet;
import downstream.pretrain.mining.regions.ImageRegions;
import downstream.pretrain.settings.MiningSettings;
import downstream.pretrain.views.Region;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The result of a mining, in memory: for every image of a set its regions, its nearest images, and
 * the pairs of regions with each of them. Held in plain arrays: a hundred thousand images with a
 * hundred regions and a hundred pairs each take about 350 MB. Immutable.
 */
public final class MinedPairs {
  private final PairsHeader header;
  private final int[][] regions;
  private final float[][] hubness;
  private final int[][] neighbours;
  private final float[][] nearness;
  private final short[][] pairs;
  private final float[][] similarities;
  private final int[][] ends;

  private MinedPairs(PairsHeader header) {
    this.header = header;
    int count = header.count();
    regions = new int[count][];
    hubness = new float[count][];
    neighbours = new int[count][];
    nearness = new float[count][];
    pairs = new short[count][];
    similarities = new float[count][];
    ends = new int[count][];
  }

  /**
   * Reads {@code pairs.jsonl}.
   *
   * @param images the set that was mined, labelled or not
   * @throws BadInput if there is no such file, it is cut off, damaged, of another version or of
   *     other images
   */
  public static MinedPairs read(Path file, ImageSet images) {
    try (BufferedReader in = Files.newBufferedReader(file)) {
      PairsHeader header = header(file, in.readLine());
      if (!header.images().equals(images.fingerprint())) {
        throw new BadInput(
            file,
            "was mined from other images: "
                + header.count()
                + " of fingerprint "
                + header.images()
                + ", not "
                + images.images().size()
                + " of "
                + images.fingerprint(),
            "Mine these images, or give --images and --limit as they were");
      }
      MinedPairs mined = new MinedPairs(header);
      mined.fill(file, in, images);
      return mined;
    } catch (NoSuchFileException e) {
      throw new BadInput(file, "no such file", "Correct the path, or run 'mine' first", e);
    } catch (CharacterCodingException e) {
      throw notPairs(file, e);
    } catch (IOException e) {
      throw BadInput.unreadable(file, e);
    }
  }

  /** The first line of a file. */
  public static PairsHeader header(Path file) {
    try (BufferedReader in = Files.newBufferedReader(file)) {
      return header(file, in.readLine());
    } catch (CharacterCodingException e) {
      throw notPairs(file, e);
    } catch (IOException e) {
      throw BadInput.unreadable(file, e);
    }
  }

  private static PairsHeader header(Path file, @org.jspecify.annotations.Nullable String line) {
    JsonNode tree;
    try {
      tree = Json.MAPPER.readTree(line == null ? "" : line);
    } catch (JsonProcessingException e) {
      throw notPairs(file, e);
    }
    if (!tree.path("format").asText().equals(PairsHeader.FORMAT)) {
      throw notPairs(file, null);
    }
    if (tree.path("version").asInt() != PairsHeader.VERSION) {
      throw new BadInput(
          file,
          "has version " + tree.path("version") + ", expected " + PairsHeader.VERSION,
          "Delete the file and mine again");
    }
    return PairsHeader.of(file + ", line 1", tree);
  }

  private static BadInput notPairs(Path file, @org.jspecify.annotations.Nullable Exception cause) {
    String problem = "is not a pairs.jsonl that 'mine' wrote";
    String fix = "Name the pairs.jsonl that 'mine' wrote";
    return cause == null
        ? new BadInput(file, problem, fix)
        : new BadInput(file, problem, fix, cause);
  }

  private void fill(Path file, BufferedReader in, ImageSet images) throws IOException {
    Digest digest = header.begin();
    for (int i = 0; i < header.count(); i++) {
      String line = in.readLine();
      if (line == null) {
        throw damaged(file, "ends after " + i + " of " + header.count() + " images");
      }
      digest.add(line);
      String name = images.images().get(i).name();
      try {
        fill(i, Json.MAPPER.readTree(line), name);
      } catch (JsonProcessingException | IllegalArgumentException e) {
        throw damaged(file, "is damaged in line " + (i + 2) + " (" + name + ")");
      }
    }
    if (in.readLine() != null || !digest.hex().equals(header.digest())) {
      throw damaged(file, "was changed after it was written: its digest differs");
    }
  }

  private static BadInput damaged(Path file, String problem) {
    return new BadInput(file, problem, "Delete the file and mine again");
  }

  private void fill(int image, JsonNode line, String name) {
    require(line.path("image").asText().equals(name));
    regions[image] = boxes(line.path("regions"));
    hubness[image] = hubness(line.path("hubness"));
    require(hubness[image].length == 0 || 4 * hubness[image].length == regions[image].length);
    JsonNode near = line.path("neighbours");
    neighbours[image] = new int[near.size()];
    nearness[image] = new float[near.size()];
    for (int k = 0; k < near.size(); k++) {
      neighbours[image][k] = near.path(k).path(0).asInt(-1);
      nearness[image][k] = similarity(near.path(k).path(1));
      require(neighbours[image][k] >= 0 && neighbours[image][k] < header.count());
    }
    require(line.path("pairs").size() == near.size());
    fillPairs(image, line.path("pairs"));
  }

  private static int[] boxes(JsonNode list) {
    List<Region> regions = new ArrayList<>();
    for (JsonNode box : list) {
      regions.add(
          new Region(
              box.path(0).asInt(), box.path(1).asInt(), box.path(2).asInt(), box.path(3).asInt()));
    }
    require(!regions.isEmpty());
    return ImageRegions.pack(regions);
  }

  private static float[] hubness(JsonNode list) {
    float[] values = new float[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) list.path(i).asDouble();
    }
    return values;
  }

  private void fillPairs(int image, JsonNode lists) {
    int total = 0;
    ends[image] = new int[lists.size()];
    for (int k = 0; k < lists.size(); k++) {
      total += lists.path(k).size();
      ends[image][k] = total;
    }
    pairs[image] = new short[2 * total];
    similarities[image] = new float[total];
    int at = 0;
    for (JsonNode list : lists) {
      for (JsonNode pair : list) {
        pairs[image][2 * at] = (short) pair.path(0).asInt();
        pairs[image][2 * at + 1] = (short) pair.path(1).asInt();
        similarities[image][at] = similarity(pair.path(2));
        at++;
      }
    }
  }

  private static float similarity(JsonNode value) {
    return value.isNull() ? Float.NaN : (float) value.asDouble();
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw new IllegalArgumentException("damaged");
    }
  }

  /** Number of images. */
  public int size() {
    return regions.length;
  }

  /** The regions kept of an image, best first; at least one. */
  public List<Region> regions(int image) {
    List<Region> list = new ArrayList<>();
    int[] boxes = regions[image];
    for (int i = 0; i < boxes.length; i += 4) {
      list.add(new Region(boxes[i], boxes[i + 1], boxes[i + 2], boxes[i + 3]));
    }
    return list;
  }

  /** Hubness of a region: how like others it is, in [−1, 1]; empty if the choice was random. */
  public Optional<Float> hubness(int image, int region) {
    return hubness[image].length == 0 ? Optional.empty() : Optional.of(hubness[image][region]);
  }

  /** The nearest images, nearest first; never the image itself. */
  public List<Neighbour> neighbours(int image) {
    List<Neighbour> list = new ArrayList<>();
    for (int k = 0; k < neighbours[image].length; k++) {
      list.add(new Neighbour(neighbours[image][k], nearness[image][k]));
    }
    return list;
  }

  /**
   * The pairs with a neighbour, best first; at least one.
   *
   * @param k position among {@link #neighbours}
   */
  public List<Pair> pairs(int image, int k) {
    List<Pair> list = new ArrayList<>();
    for (int i = k == 0 ? 0 : ends[image][k - 1]; i < ends[image][k]; i++) {
      list.add(new Pair(pairs[image][2 * i], pairs[image][2 * i + 1], similarities[image][i]));
    }
    return list;
  }

  /** The settings of the mining. */
  public MiningSettings settings() {
    return header.settings();
  }

  /** Floating-point operations spent on embeddings, a multiply-add counted as two. */
  public long flops() {
    return header.flops();
  }

  /** SHA-256 over all that the file holds, 64 hexadecimal digits. */
  public String digest() {
    return header.digest();
  }
}
