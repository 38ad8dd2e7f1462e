/** Statistics and contact sheets of a mining, held against labels where there are any. */
@NullMarked
package downstream.pretrain.mining.report;

import org.jspecify.annotations.NullMarked;
