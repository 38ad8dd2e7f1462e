package downstream.pretrain.cli;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.Json;
import downstream.eval.data.DataSets;
import downstream.eval.data.image.Image;
import downstream.eval.data.synthetic.SyntheticScenes;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.pretrain.mining.Mining;
import downstream.pretrain.mining.pairs.MinedPairs;
import downstream.pretrain.mining.report.MiningStatistics;
import downstream.pretrain.settings.MiningSettings;
import downstream.pretrain.views.ImageNetStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MineCommandTest {
  @TempDir static Path shared;
  private static String scenes;
  private static String encoder;

  @TempDir Path folder;

  @BeforeAll
  static void make() {
    scenes = new SyntheticScenes(8, 1, 64, 5).write(shared.resolve("scenes")).toString();
    encoder = shared.resolve("vit.onnx").toString();
    VisionTransformer.build(
            new VitArchitecture(32, 8, 16, 1, 2, 4),
            "vit",
            1,
            ImageNetStatistics.MEAN,
            ImageNetStatistics.STD,
            Json.MAPPER.createObjectNode())
        .write(Path.of(encoder));
  }

  @Test
  void labelled_images_give_statistics_and_sheets() {
    String said = mine("--set", "neighbours=3", "--set", "minRegionSideFraction=0.1");
    assertThat(said)
        .contains("neighbours that share a class", "of these, one class", "by kept regions");
    Path out = folder.resolve("out");
    for (String name : List.of("mining.json", "pairs.jsonl")) {
      assertThat(out.resolve(name))
          .content()
          .as("keys in snake_case")
          .doesNotContainPattern("\"(?!m[A-Z]|aAcc|fwIoU|mask[A-Z])[a-z]\\w*[A-Z]\\w*\" ?:");
    }
    MiningStatistics numbers = MiningStatistics.read(out.resolve("mining.json"));
    assertThat(numbers.images()).isEqualTo(8);
    assertThat(numbers.proposals()).isGreaterThan(numbers.regions());
    assertThat(numbers.recall().get(0).proposals())
        .isGreaterThanOrEqualTo(numbers.recall().get(0).regions());
    assertThat(Image.read(out.resolve("neighbours.png")).width()).isGreaterThan(4 * 200);
    assertThat(Image.read(out.resolve("pairs.png")).width()).isGreaterThan(8 * 200);
  }

  @Test
  void pairs_belong_to_the_images_without_labels_too() {
    mine("--limit", "5");
    var bare = DataSets.images(List.of(scenes)).sample(5 / 8.0, 0);
    assertThat(MinedPairs.read(folder.resolve("out").resolve(Mining.FILE), bare).size())
        .isEqualTo(5);
  }

  @Test
  void images_without_labels_give_no_agreement() throws IOException {
    Path plain = Files.createDirectories(folder.resolve("plain"));
    for (int i = 0; i < 3; i++) {
      Image.filled(40, 30 + i, 0x102030 * (i + 1)).writePng(plain.resolve(i + ".png"));
    }
    String said =
        CommandRun.output(command(plain.toString(), "out", "--set", "centerEmbeddings=false"));
    assertThat(said).contains("regions per image").doesNotContain("agreement");
  }

  @Test
  void settings_files_are_read_and_flags_go_over_them() throws IOException {
    Path config =
        Files.writeString(folder.resolve("c.yaml"), "neighbours: 2\npairSelection: global-top\n");
    mine("--config", config.toString(), "--set", "neighbours=1");
    MinedPairs mined =
        MinedPairs.read(
            folder.resolve("out").resolve(Mining.FILE), DataSets.images(List.of(scenes)));
    assertThat(mined.settings().neighbours()).isEqualTo(1);
    assertThat(mined.settings().pairSelection()).isEqualTo(MiningSettings.PairSelection.GLOBAL_TOP);
  }

  @Test
  void mistakes_are_named() {
    assertThat(mine("--set", "neighbors=3"))
        .startsWith("2 ")
        .contains("unknown key 'neighbors'", "Did you mean 'neighbours'?");
    assertThat(mine("--set", "pairSelection=best")).contains("row-max, global-top, random");
    assertThat(mine("--set", "regions=0")).contains("regions must be in 1…32767, not 0");
    assertThat(mine("--set", "regions")).contains("expected key=value, found 'regions'");
    assertThat(mine("--limit", "1")).contains("--limit: must be at least 2, not 1");
    assertThat(mine("--threads", "0")).contains("--threads: must be at least 1, not 0");
    assertThat(
            CommandRun.output("mine", "--encoder", "none.onnx", "--images", scenes, "--out", "x"))
        .contains("none.onnx: no such encoder file");
  }

  private String mine(String... flags) {
    return CommandRun.output(command(scenes, "out", flags));
  }

  private String[] command(String images, String out, String... flags) {
    List<String> command = new ArrayList<>(List.of("mine", "--encoder", encoder));
    command.addAll(List.of("--images", images, "--out", folder.resolve(out).toString()));
    command.addAll(List.of("--proposals", shared.resolve("proposals").toString()));
    command.addAll(List.of("--device", "cpu"));
    command.addAll(List.of(flags));
    return command.toArray(String[]::new);
  }
}
