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
 * @param features one vector an example
 * @param labels theirs
 * @param digest over features and labels
 * @param notes what a reader should know about the draw
 */
record NeighbourBank(
    List<float[]> features, List<Integer> labels, String digest, List<String> notes) {

  /**
   * Draws images and keeps their examples.
   *
   * @param features of all examples
   * @param seed of the draw
   */
  static NeighbourBank draw(
      LabelledCrops examples, float[][] features, double fraction, long seed) {
    List<ImageRecord> images = examples.set().sample(fraction, seed).pictures();
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
    List<String> notes = new ArrayList<>();
    notes.add(
        "%d of %d training examples vote, those of %d images%s"
            .formatted(
                kept.size(),
                examples.size(),
                images.size(),
                fraction == 1 ? "; every seed gives the same result" : " drawn with the seed"));
    for (int label = 0; label < examples.classes().size(); label++) {
      if (!labels.contains(label)) {
        notes.add("class '" + examples.classes().get(label) + "' has no example that votes");
      }
    }
    return new NeighbourBank(kept, labels, digest.hex(), notes);
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  NearestNeighbours neighbours(int classes, KnnSettings settings) {
    int[] array = labels.stream().mapToInt(label -> label).toArray();
    return new NearestNeighbours(features, array, classes, settings.k(), settings.temperature());
  }
}
