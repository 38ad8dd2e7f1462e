package downstream.eval.run.execute;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.AtomicFile;
import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.eval.data.DataSets;
import downstream.eval.data.ImageList;
import downstream.eval.data.ImageSet;
import downstream.eval.data.image.Image;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.eval.run.DataLeak;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataLeakCheckTest {
  @TempDir private Path folder;

  private final DataLeakCheck guard = new DataLeakCheck();

  /** Pretraining images 0 to 4; an evaluation split of one of them, one like one, and a foreign. */
  @BeforeEach
  void draw() throws IOException {
    for (int i = 0; i < 5; i++) {
      blobs(i).writePng(folder.resolve("seen/" + i + ".png"));
    }
    Files.createDirectories(folder.resolve("split"));
    Files.copy(folder.resolve("seen/3.png"), folder.resolve("split/same.png"));
    Image smaller = blobs(4).resize(50, 40);
    ImageIO.write(smaller.toBuffered(), "jpg", folder.resolve("split/alike.jpg").toFile());
    blobs(77).writePng(folder.resolve("split/foreign.png"));
  }

  private static Image blobs(long seed) {
    byte[] tiny = new byte[6 * 5 * 3];
    new Random(seed).nextBytes(tiny);
    return Image.of(6, 5, tiny).resize(100, 80);
  }

  private ImageSet images(String name) {
    return DataSets.images(List.of(folder.resolve(name).toString()));
  }

  /** An encoder file that says it was made with this list; the list is stored beside it or not. */
  private EncoderFile encoder(ImageList list, boolean beside) {
    ObjectNode provenance = Json.MAPPER.createObjectNode().put("method", "mae");
    provenance.putObject("images").put("list", Digest.of(list.bytes()));
    List<Double> half = List.of(0.5, 0.5, 0.5);
    Path file = folder.resolve("mae.onnx");
    VisionTransformer.build(
            new VitArchitecture(16, 8, 8, 1, 2, 4), "mae", 0, half, half, provenance)
        .write(file);
    if (beside) {
      AtomicFile.write(EncoderFile.imagesBeside(file), list.bytes());
    }
    return EncoderFile.read(file);
  }

  @Test
  void same_bytes_are_a_leak_and_look_alikes_are_listed() throws IOException {
    ImageList seen = ImageList.of(images("seen"));
    DataLeak leak = guard.check(encoder(seen, true), images("split"));
    assertThat(leak.status()).isEqualTo(DataLeak.Status.LEAKED);
    assertThat(leak.list()).contains(Digest.of(seen.bytes()));
    assertThat(leak.listed()).isEqualTo(5);
    assertThat(leak.identical()).isEqualTo(1);
    assertThat(leak.identicalImages()).containsExactly("same.png");
    assertThat(leak.similar()).isEqualTo(1);
    assertThat(leak.similarPairs()).hasSize(1);
    assertThat(leak.similarPairs().get(0).image()).isEqualTo("alike.jpg");
    assertThat(leak.similarPairs().get(0).pretrainingImage()).isEqualTo("4.png");
    assertThat(leak.similarPairs().get(0).bits()).isLessThanOrEqualTo(DataLeakCheck.SIMILAR_BITS);
  }

  @Test
  void look_alike_alone_is_no_verdict() throws IOException {
    Files.delete(folder.resolve("split/same.png"));
    DataLeak leak = guard.check(encoder(ImageList.of(images("seen")), true), images("split"));
    assertThat(leak.status()).isEqualTo(DataLeak.Status.NONE);
    assertThat(leak.similar()).isEqualTo(1);
    assertThat(leak)
        .hasToString(
            "no image is also a pretraining image; 1 are similar to one; check them by eye");
  }

  @Test
  void encoder_that_saw_nothing_leaks_nothing() throws IOException {
    DataLeak leak = guard.check(encoder(ImageList.EMPTY, true), images("split"));
    assertThat(leak.status()).isEqualTo(DataLeak.Status.NONE);
    assertThat(leak.listed()).isZero();
  }

  @Test
  void without_the_list_it_is_unknown() throws IOException {
    DataLeak leak = guard.check(encoder(ImageList.EMPTY, false), images("split"));
    assertThat(leak.status()).isEqualTo(DataLeak.Status.UNKNOWN);
    assertThat(leak.reason())
        .contains("no list of pretraining images was found beside the encoder");
  }

  @Test
  void list_that_was_exchanged_is_not_believed() throws IOException {
    encoder(ImageList.of(images("seen")), true);
    Path beside = folder.resolve("mae.images.txt");
    Files.write(beside, ImageList.EMPTY.bytes());
    DataLeak leak = guard.check(EncoderFile.read(folder.resolve("mae.onnx")), images("split"));
    assertThat(leak.status()).isEqualTo(DataLeak.Status.UNKNOWN);
    assertThat(leak.reason().orElseThrow()).contains("mae.images.txt is not the list");
  }
}
