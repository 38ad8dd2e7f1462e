package downstream.pretrain.mining.pairs;

/**
 * An image that is like another one.
 *
 * @param image its position in the set, from 0
 * @param similarity cosine of the two embeddings, in [−1, 1]; NaN if it was drawn at random
 */
public record Neighbour(int image, float similarity) {}
