package downstream.eval.classification;

import downstream.eval.Digest;
import downstream.eval.data.ImageRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The training examples that vote: those of a random part of the images.
 *
 * @param settings of the vote
 * @param classes how many there are
 * @param features one vector an example
 * @param labels theirs
 * @param digest over features and labels
 * @param notes what a reader should know about the draw
 */
record NeighbourBank(
    KnnSettings settings,
    int classes,
    List<float[]> features,
    List<Integer> labels,
    String digest,
    List<String> notes) {

  /**
   * Draws images and keeps their examples.
   *
   * @param features of all examples
   * @param seed of the draw
   */
  static NeighbourBank draw(
      LabelledCrops examples, float[][] features, KnnSettings settings, long seed) {
    double fraction = settings.bankFraction();
    List<ImageRecord> images = examples.set().sample(fraction, seed).images();
    Set<String> drawn = images.stream().map(ImageRecord::name).collect(Collectors.toSet());
    List<float[]> kept = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    Digest digest = new Digest();
    for (int i = 0; i < features.length; i++) {
      LabelledCrop crop = examples.crops().get(i);
      if (drawn.contains(examples.imageName(crop))) {
        kept.add(features[i]);
        labels.add(crop.label());
        digest.add(examples.imageName(crop) + " " + crop.label()).add(bytes(features[i]));
      }
    }
    int classes = examples.classes().size();
    List<String> notes = notes(examples, images.size(), labels, fraction);
    return new NeighbourBank(settings, classes, kept, labels, digest.hex(), notes);
  }

  private static List<String> notes(
      LabelledCrops examples, int images, List<Integer> labels, double fraction) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "%d of %d training examples vote, those of %d images%s"
            .formatted(
                labels.size(),
                examples.size(),
                images,
                fraction == 1 ? "; every seed gives the same result" : " drawn with the seed"));
    for (int label = 0; label < examples.classes().size(); label++) {
      if (!labels.contains(label)) {
        notes.add("class '" + examples.classes().get(label) + "' has no example that votes");
      }
    }
    return notes;
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  NearestNeighbours neighbours() {
    int[] array = labels.stream().mapToInt(label -> label).toArray();
    return new NearestNeighbours(features, array, classes, settings.k(), settings.temperature());
  }
}
