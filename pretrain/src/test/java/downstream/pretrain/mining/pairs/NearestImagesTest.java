package downstream.pretrain.mining.pairs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

public class NearestImagesTest {
  @Test
  void equals_the_slow_reference_over_several_blocks() {
    float[][] vectors = random(4200, 24, 3);
    List<List<Neighbour>> found = NearestImages.find(vectors, 7, 2);
    for (int query = 0; query < vectors.length; query += 97) {
      assertThat(found.get(query)).isEqualTo(slow(vectors, query, 7));
    }
  }

  @Test
  void equal_images_come_in_order_and_never_the_query() {
    float[][] vectors = new float[12][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = i % 2 == 0 ? new float[] {.6f, .8f} : new float[] {1, 0};
    }
    List<List<Neighbour>> found = NearestImages.find(vectors, 3, 1);
    assertThat(found.get(4)).extracting(Neighbour::image).containsExactly(0, 2, 6);
    assertThat(found.get(1)).extracting(Neighbour::image).containsExactly(3, 5, 7);
  }

  @Test
  void number_of_threads_changes_nothing() {
    float[][] vectors = random(1500, 16, 4);
    assertThat(NearestImages.find(vectors, 10, 1)).isEqualTo(NearestImages.find(vectors, 10, 2));
  }

  @Test
  void fewer_images_than_neighbours_are_all_given() {
    assertThat(NearestImages.find(random(3, 4, 5), 10, 1)).allMatch(list -> list.size() == 2);
  }

  public static float[][] random(int count, int width, long seed) {
    Random random = new Random(seed);
    float[][] vectors = new float[count][width];
    for (float[] vector : vectors) {
      for (int i = 0; i < width; i++) {
        vector[i] = (float) random.nextGaussian();
      }
      UnitVectors.normalise(vector, new double[width]);
    }
    return vectors;
  }

  private static List<Neighbour> slow(float[][] vectors, int query, int wanted) {
    List<Neighbour> all = new ArrayList<>();
    for (int i = 0; i < vectors.length; i++) {
      double sum = 0;
      for (int j = 0; j < vectors[i].length; j++) {
        sum += (double) vectors[query][j] * vectors[i][j];
      }
      if (i != query) {
        all.add(new Neighbour(i, (float) sum));
      }
    }
    all.sort(Comparator.comparing(neighbour -> -neighbour.similarity()));
    return all.subList(0, wanted);
  }
}
