export { ChainOfThought } from './chain-of-thought';
