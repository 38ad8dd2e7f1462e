package downstream.pretrain.mining.regions;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.data.image.Image;
import downstream.eval.data.synthetic.SyntheticScenes;
import downstream.pretrain.settings.MiningSettings.ProposalMode;
import downstream.pretrain.views.Region;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProposalCacheTest {
  @TempDir Path folder;
  private Path image;

  @BeforeEach
  void image() {
    image = folder.resolve("a.png");
    squares(90).writePng(image);
  }

  /** Two bright squares of 30 pixels on grey. */
  private static Image squares(int side) {
    byte[] rgb = new byte[side * side * 3];
    for (int i = 0; i < side * side; i++) {
      int x = i % side;
      int y = i / side;
      boolean red = x >= 10 && x < 40 && y >= 10 && y < 40;
      boolean blue = x >= 50 && x < 80 && y >= 45 && y < 75;
      rgb[3 * i] = (byte) (red ? 220 : 90);
      rgb[3 * i + 1] = (byte) (red || blue ? 30 : 90);
      rgb[3 * i + 2] = (byte) (blue ? 220 : 90);
    }
    return Image.of(side, side, rgb);
  }

  @ParameterizedTest
  @CsvSource({"SINGLE", "FAST", "QUALITY"})
  void finds_the_objects_of_a_plain_image(ProposalMode mode) {
    List<Region> boxes = new ProposalCache(folder.resolve("cache"), mode, 0).ranked(image);
    assertThat(boxes).doesNotHaveDuplicates();
    for (Region object : List.of(new Region(10, 10, 30, 30), new Region(50, 45, 30, 30))) {
      assertThat(boxes).as("%s", boxes).anyMatch(box -> box.iou(object) > .7);
    }
  }

  /** Without an edge there is nothing to divide. */
  @ParameterizedTest
  @CsvSource({"64, 48, FAST", "64, 48, QUALITY", "1, 1, FAST", "3, 40, FAST", "40, 2, SINGLE"})
  void constant_image_gives_itself(int width, int height, ProposalMode mode) {
    assertThat(SelectiveSearch.boxes(Image.filled(width, height, 0x406080), mode, 0))
        .containsExactly(new Region(0, 0, width, height));
  }

  /** Hue and saturation are constant: their texture is 0 / 0. */
  @Test
  void grey_image_gives_the_same_boxes_every_time() {
    byte[] rgb = squares(90).rgb().clone();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = rgb[i - i % 3];
    }
    Image grey = Image.of(90, 90, rgb);
    List<Region> boxes = SelectiveSearch.boxes(grey, ProposalMode.FAST, 0);
    assertThat(boxes).anyMatch(box -> box.iou(new Region(10, 10, 30, 30)) > .7);
    assertThat(SelectiveSearch.boxes(grey, ProposalMode.FAST, 0)).isEqualTo(boxes);
  }

  @Test
  void order_is_the_same_whatever_was_searched_before() {
    List<Region> first = cache("one").ranked(image);
    SelectiveSearch.boxes(squares(70), ProposalMode.FAST, 0);
    assertThat(cache("two").ranked(image)).isEqualTo(first);
    assertThat(first).isNotEqualTo(first.stream().sorted(SelectiveSearch.SMALLEST_FIRST).toList());
  }

  @Test
  void small_regions_tend_to_come_first() {
    new SyntheticScenes(3, 1, 96, 3).write(folder.resolve("scenes"));
    double early = 0;
    double late = 0;
    for (Path scene : files(folder.resolve("scenes"), ".png", ".jpg")) {
      List<Region> ranked = cache("cache").ranked(scene);
      int half = ranked.size() / 2;
      early += ranked.subList(0, half).stream().mapToLong(Region::area).average().orElse(0);
      late += ranked.subList(half, 2 * half).stream().mapToLong(Region::area).average().orElse(0);
    }
    assertThat(early).isPositive().isLessThan(.8 * late);
  }

  @Test
  void second_look_does_no_search_and_a_damaged_entry_is_searched_again() throws IOException {
    List<Region> found = cache("cache").ranked(image);
    Path entry = files(folder.resolve("cache"), ".json").get(0);
    FileTime longAgo = FileTime.fromMillis(1000);
    Files.setLastModifiedTime(entry, longAgo);
    assertThat(cache("cache").ranked(image)).isEqualTo(found);
    assertThat(Files.getLastModifiedTime(entry)).isEqualTo(longAgo);

    for (String damage : List.of("[[1,2", "", "[]", "[[1,2]]", "[[1,2,0,4]]", "{}")) {
      Files.writeString(entry, damage);
      assertThat(cache("cache").ranked(image)).isEqualTo(found);
      assertThat(Files.readString(entry)).isNotEqualTo(damage);
    }
  }

  @Test
  void stored_entry_is_what_is_read() throws IOException {
    cache("cache").ranked(image);
    Path entry = files(folder.resolve("cache"), ".json").get(0);
    Files.writeString(entry, "[[1,2,3,4]]");
    assertThat(cache("cache").ranked(image)).containsExactly(new Region(1, 2, 3, 4));
  }

  /** Squares of 6 pixels are below OpenCV's smallest segment of 100 pixels. */
  @Test
  void enlarged_search_finds_small_objects_in_pixels_of_the_image() {
    byte[] rgb = new byte[48 * 40 * 3];
    for (int i = 0; i < rgb.length; i++) {
      int x = i / 3 % 48;
      int y = i / 3 / 48;
      rgb[i] = (byte) (x >= 20 && x < 26 && y >= 30 && y < 36 ? 250 : 40);
    }
    Image small = Image.of(48, 40, rgb);
    Region object = new Region(20, 30, 6, 6);
    assertThat(SelectiveSearch.boxes(small, ProposalMode.FAST, 0))
        .noneMatch(box -> box.iou(object) > .5);
    assertThat(SelectiveSearch.boxes(small, ProposalMode.FAST, 192))
        .anyMatch(box -> box.iou(object) > .7)
        .allMatch(box -> box.inside(48, 40));
  }

  @Test
  void images_of_the_searched_size_or_more_are_searched_as_they_are() {
    List<Region> boxes = SelectiveSearch.boxes(squares(90), ProposalMode.FAST, 0);
    assertThat(SelectiveSearch.boxes(squares(90), ProposalMode.FAST, 90)).isEqualTo(boxes);
    assertThat(SelectiveSearch.boxes(squares(90), ProposalMode.FAST, 64)).isEqualTo(boxes);
  }

  @Test
  void each_search_has_its_own_cache() {
    cache("cache").ranked(image);
    new ProposalCache(folder.resolve("cache"), ProposalMode.FAST, 128).ranked(image);
    assertThat(files(folder.resolve("cache"), ".json")).hasSize(2);
  }

  private ProposalCache cache(String name) {
    return new ProposalCache(folder.resolve(name), ProposalMode.FAST, 0);
  }

  private static List<Path> files(Path folder, String... endings) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
