package downstream.eval.encoder.build;

/**
 * Random weights of a network: the same ones give the same bytes.
 *
 * @param form how they are drawn
 * @param seed of the random numbers
 */
public record RandomWeights(InitialWeights form, long seed) {}
