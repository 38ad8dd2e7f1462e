package downstream.pretrain.mining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Device;
import downstream.eval.Json;
import downstream.eval.data.DataSets;
import downstream.eval.data.ImageSet;
import downstream.eval.data.synthetic.SyntheticScenes;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.ResNet;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.eval.run.execute.TrainingFolderLock;
import downstream.pretrain.mining.embedding.EmbeddingProjection;
import downstream.pretrain.mining.pairs.MinedPairs;
import downstream.pretrain.settings.MiningSettings;
import downstream.pretrain.views.ImageNetStatistics;
import downstream.pretrain.views.Region;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MiningTest {
  private static final int COUNT = 7;

  @TempDir static Path shared;
  private static ImageSet images;
  private static Path encoder;

  @TempDir Path folder;

  @BeforeAll
  static void make() {
    images =
        DataSets.images(
            List.of(
                new SyntheticScenes(COUNT, 1, 64, 5).write(shared.resolve("scenes")).toString()));
    encoder = shared.resolve("vit.onnx");
    VisionTransformer.build(
            new VitArchitecture(32, 8, 16, 1, 2, 4).withClassToken(),
            "vit",
            1,
            ImageNetStatistics.MEAN,
            ImageNetStatistics.STD,
            Json.MAPPER.createObjectNode())
        .write(encoder);
  }

  @Test
  void every_image_has_regions_neighbours_and_pairs() {
    MinedPairs mined =
        mine(
            "out",
            "neighbours=3",
            "regions=9",
            "topPairFraction=0.5",
            "mutualPairs=false",
            "hubFractionDropped=0");
    assertThat(mined.size()).isEqualTo(COUNT);
    for (int image = 0; image < COUNT; image++) {
      int query = image;
      List<Region> regions = mined.regions(image);
      assertThat(regions).hasSizeBetween(1, 9).allMatch(region -> isInside(region, query));
      assertThat(mined.neighbours(image))
          .hasSize(3)
          .allMatch(neighbour -> neighbour.image() != query)
          .isSortedAccordingTo((a, b) -> Float.compare(b.similarity(), a.similarity()));
      for (int k = 0; k < 3; k++) {
        int others = mined.regions(mined.neighbours(image).get(k).image()).size();
        assertThat(mined.pairs(image, k))
            .hasSize(Math.max(1, regions.size() / 2))
            .allMatch(pair -> pair.own() < regions.size() && pair.other() < others)
            .allMatch(pair -> Math.abs(pair.similarity()) <= 1);
      }
    }
    int regions = IntStream.range(0, COUNT).map(i -> mined.regions(i).size()).sum();
    assertThat(mined.flops()).isPositive();
    assertThat(mined.flops() % (COUNT + regions)).isZero();
  }

  private static boolean isInside(Region region, int image) {
    return region.x() >= 0
        && region.y() >= 0
        && region.x() + region.width() <= images.images().get(image).width()
        && region.y() + region.height() <= images.images().get(image).height();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pairSelection=global-top",
        "pairSelection=random",
        "imageEmbedding=class-token",
        "regionEmbedding=roi-align",
        "centerEmbeddings=false",
        "minRegionSideFraction=0.3",
        "proposalMode=single",
        "whitenEmbeddings=false",
        "maxRegionAreaFraction=0.2",
        "hubFractionDropped=0.5",
        "mutualPairs=true",
        "searchSidePixels=96"
      })
  void every_other_value_works_and_changes_the_result(String assignment) {
    String[] plain = {
      "neighbours=3", "topPairFraction=0.5", "mutualPairs=false", "hubFractionDropped=0", assignment
    };
    MinedPairs usual =
        mine(shared.resolve("usual").toString(), Arrays.copyOf(plain, plain.length - 1));
    MinedPairs other = mine("other", plain);
    assertThat(other.digest()).isNotEqualTo(usual.digest());
    boolean differs = false;
    for (int i = 0; i < COUNT; i++) {
      differs |= !other.neighbours(i).equals(usual.neighbours(i));
      differs |= !other.regions(i).equals(usual.regions(i));
      differs |= !other.pairs(i, 0).equals(usual.pairs(i, 0));
    }
    assertThat(differs).isTrue();
  }

  @Test
  void hubs_are_no_regions_any_more_and_hubness_is_kept_with_the_others() {
    MinedPairs all = mine("all", "hubFractionDropped=0");
    MinedPairs half = mine("half", "hubFractionDropped=0.5");
    int regions = 0;
    int kept = 0;
    for (int image = 0; image < COUNT; image++) {
      regions += all.regions(image).size();
      kept += half.regions(image).size();
      assertThat(all.regions(image)).containsAll(half.regions(image));
      for (int i = 0; i < half.regions(image).size(); i++) {
        int before = all.regions(image).indexOf(half.regions(image).get(i));
        assertThat(half.hubness(image, i)).isEqualTo(all.hubness(image, before));
      }
    }
    assertThat(kept).isBetween(regions / 2, regions / 2 + COUNT);
    assertThat(half.flops()).isEqualTo(all.flops());
    assertThat(mine("random", "pairSelection=random").hubness(0, 0)).isEmpty();
  }

  /** Whatever is nearest from one side is nearest from the other. */
  @Test
  void mutual_pairs_are_found_from_both_images() {
    MinedPairs mined = mine("out", "neighbours=6", "mutualPairs=true", "topPairFraction=1");
    for (int image = 0; image < COUNT; image++) {
      for (int k = 0; k < COUNT - 1; k++) {
        int other = mined.neighbours(image).get(k).image();
        int back = mined.neighbours(other).stream().map(n -> n.image()).toList().indexOf(image);
        assertThat(mined.pairs(other, back))
            .extracting(pair -> List.of(pair.other(), pair.own()))
            .containsExactlyInAnyOrderElementsOf(
                mined.pairs(image, k).stream().map(p -> List.of(p.own(), p.other())).toList());
      }
    }
  }

  @Test
  void same_seed_gives_the_same_bytes_with_any_number_of_threads() throws IOException {
    for (String rule :
        List.of("pairSelection=row-max", "pairSelection=random", "whitenEmbeddings=false")) {
      Mining.find(inputs(1, 1, Optional.empty(), rule), folder.resolve("one" + rule));
      Mining.find(inputs(1, 2, Optional.empty(), rule), folder.resolve("two" + rule));
      assertThat(Files.readAllBytes(folder.resolve("two" + rule).resolve(Mining.FILE)))
          .isEqualTo(Files.readAllBytes(folder.resolve("one" + rule).resolve(Mining.FILE)));
    }
  }

  @Test
  void random_pairs_depend_on_the_seed_and_embed_nothing() {
    MinedPairs first =
        Mining.find(inputs(1, 1, Optional.empty(), "pairSelection=random"), folder.resolve("a"));
    MinedPairs second =
        Mining.find(inputs(2, 1, Optional.empty(), "pairSelection=random"), folder.resolve("b"));
    assertThat(first.flops()).isZero();
    assertThat(first.neighbours(0)).allMatch(neighbour -> Float.isNaN(neighbour.similarity()));
    Set<Integer> drawn = new HashSet<>();
    first.neighbours(3).forEach(neighbour -> drawn.add(neighbour.image()));
    assertThat(drawn).hasSize(COUNT - 1).doesNotContain(3);
    assertThat(IntStream.range(0, COUNT).mapToObj(first::neighbours).toList())
        .isNotEqualTo(IntStream.range(0, COUNT).mapToObj(second::neighbours).toList());
  }

  /** Turns the order of nearness round by looking at one channel only. */
  private static class OneChannel implements EmbeddingProjection {
    @Override
    public float[][] apply(float[][] pooled) {
      float[][] projected = new float[pooled.length][];
      for (int i = 0; i < pooled.length; i++) {
        projected[i] = new float[] {pooled[i][0], 1};
      }
      return projected;
    }

    @Override
    public String digest() {
      return "1".repeat(64);
    }

    @Override
    public long flops() {
      return 1000;
    }
  }

  @Test
  void projection_moves_neighbours_but_not_regions_similarities() {
    MinedPairs usual = mine("usual", "neighbours=6", "topPairFraction=1");
    MinedPairs projected =
        Mining.find(
            inputs(1, 1, Optional.of(new OneChannel()), "neighbours=6", "topPairFraction=1"),
            folder.resolve("projected"));
    assertThat(IntStream.range(0, COUNT).mapToObj(projected::neighbours).toList())
        .isNotEqualTo(IntStream.range(0, COUNT).mapToObj(usual::neighbours).toList());
    assertThat(projected.flops()).isEqualTo(usual.flops() + COUNT * 1000L);
    for (int k = 0; k < 6; k++) {
      int image = projected.neighbours(0).get(k).image();
      int same =
          IntStream.range(0, 6)
              .filter(i -> usual.neighbours(0).get(i).image() == image)
              .findFirst()
              .orElseThrow();
      assertThat(projected.pairs(0, k)).isEqualTo(usual.pairs(0, same));
    }
  }

  @Test
  void killed_and_repeated_ends_with_the_bytes_of_an_unbroken_run() throws IOException {
    mine("unbroken");
    byte[] unbroken = Files.readAllBytes(folder.resolve("unbroken").resolve(Mining.FILE));
    mine("out");
    Path broken = folder.resolve("out");
    // As a kill leaves it: no result, half a batch embedded, a cache entry lost, loose ends.
    Files.delete(broken.resolve(Mining.FILE));
    Files.writeString(broken.resolve("." + Mining.FILE + ".lines"), "{\"image\":");
    for (Path file : files(broken.resolve("embeddings"))) {
      byte[] bytes = Files.readAllBytes(file);
      Arrays.fill(bytes, bytes.length / 2, bytes.length, (byte) 0);
      Files.write(file, bytes);
    }
    Files.delete(files(shared.resolve("proposals")).get(0));
    mine("out");
    assertThat(broken.resolve(Mining.FILE)).hasBinaryContent(unbroken);
    assertThat(broken.resolve("." + Mining.FILE + ".lines")).doesNotExist();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void finished_mining_is_read_and_another_refused() throws IOException {
    String first = mine("out").digest();
    Path embeddings = folder.resolve("out/embeddings");
    for (Path file : files(embeddings)) {
      Files.delete(file);
    }
    assertThat(mine("out").digest()).isEqualTo(first);
    assertThat(files(embeddings)).isEmpty();
    assertThatThrownBy(() -> mine("out", "neighbours=2"))
        .hasMessageContaining("is the result of another mining")
        .hasMessageContaining("\"neighbours\":2");
  }

  @Test
  void folder_that_another_process_works_in_is_refused() throws IOException {
    try (TrainingFolderLock lock = TrainingFolderLock.take(folder.resolve("out"))) {
      assertThatThrownBy(() -> mine(lock.folder().getFileName().toString()))
          .hasMessageContaining("another process is working");
    }
  }

  @Test
  void proposals_may_be_shared() throws IOException {
    Path proposals = folder.resolve("kept");
    Mining.Inputs usual = inputs(1, 1, Optional.empty());
    Mining.find(
        new Mining.Inputs(
            encoder,
            images,
            usual.settings(),
            Optional.empty(),
            Optional.of(proposals),
            1,
            1,
            Device.CPU),
        folder.resolve("out"));
    assertThat(files(proposals)).hasSize(COUNT);
    assertThat(folder.resolve("out/proposals")).doesNotExist();
  }

  @Test
  void encoder_without_class_token_is_refused_before_anything_else() {
    Path plain = folder.resolve("resnet.onnx");
    new ResNet(18, 8)
        .build(
            "resnet",
            32,
            1,
            ImageNetStatistics.MEAN,
            ImageNetStatistics.STD,
            Json.MAPPER.createObjectNode())
        .write(plain);
    MiningSettings settings = settings("imageEmbedding=class-token");
    Mining.Inputs inputs = inputs(plain, settings, 1, 1, Optional.empty());
    assertThatThrownBy(() -> Mining.find(inputs, folder.resolve("out")))
        .hasMessageContaining("has no class token");
    assertThat(
            Mining.find(inputs(plain, settings(), 1, 1, Optional.empty()), folder.resolve("ok"))
                .size())
        .isEqualTo(COUNT);
  }

  @Test
  void file_that_is_cut_off_changed_or_of_other_images_is_refused() throws IOException {
    mine("out");
    Path file = folder.resolve("out").resolve(Mining.FILE);
    List<String> lines = Files.readAllLines(file);
    refused(lines.subList(0, 4), images, "ends after 3 of 7 images");
    refused(List.of(), images, "is not a pairs.jsonl that 'mine' wrote");
    refused(List.of("{\"format\":\"other\"}"), images, "is not a pairs.jsonl that 'mine' wrote");
    refused(
        List.of(lines.get(0).replace("\"version\":2", "\"version\":9")),
        images,
        "has version 9, expected 2");
    List<String> changed = new java.util.ArrayList<>(lines);
    changed.set(2, lines.get(2).replaceFirst("\"regions\":\\[\\[\\d+", "\"regions\":[[0"));
    changed.set(2, changed.get(2).replaceFirst(",0\\.", ",-0."));
    refused(changed, images, "was changed after it was written: its digest differs");
    changed.set(2, lines.get(2).substring(0, 40));
    refused(changed, images, "is damaged in line 3");
    refused(lines, images.sample(.5, 1), "was mined from other images: 7 of");
    assertThatThrownBy(() -> MinedPairs.read(folder.resolve("none"), images))
        .hasMessageContaining("no such file");
  }

  private void refused(List<String> lines, ImageSet set, String problem) throws IOException {
    Path file = Files.write(folder.resolve("bad.jsonl"), lines);
    assertThatThrownBy(() -> MinedPairs.read(file, set)).hasMessageContaining(problem);
  }

  private MinedPairs mine(String out, String... assignments) {
    return Mining.find(inputs(1, 2, Optional.empty(), assignments), folder.resolve(out));
  }

  private static Mining.Inputs inputs(
      long seed, int threads, Optional<EmbeddingProjection> projection, String... assignments) {
    return inputs(encoder, settings(assignments), seed, threads, projection);
  }

  private static Mining.Inputs inputs(
      Path file,
      MiningSettings settings,
      long seed,
      int threads,
      Optional<EmbeddingProjection> projection) {
    return new Mining.Inputs(
        file,
        images,
        settings,
        projection,
        Optional.of(shared.resolve("proposals")),
        seed,
        threads,
        Device.CPU);
  }

  private static MiningSettings settings(String... assignments) {
    ObjectNode tree = Json.MAPPER.valueToTree(MiningSettings.DEFAULTS);
    for (String assignment : assignments) {
      String[] both = assignment.split("=", 2);
      tree.set(both[0], Json.parseYaml("test", both[1]));
    }
    return Json.as("test", tree, MiningSettings.class);
  }
}
