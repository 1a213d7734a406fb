-- Corrections that wait are not sent; who wrote a highlight anew stands in the log.
DROP TABLE waiting_corrections;
DROP TABLE highlight_revisers;
