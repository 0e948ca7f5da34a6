//! scratch
use std::io::BufRead;
fn main(){ for l in std::io::stdin().lock().lines(){ let q:String=serde_json::from_str(&l.unwrap()).unwrap();
 let s=dixit::base::source::Source::inline(q.as_str());
 match dixit::lang::parse(&s){Ok(_)=>println!("ok"),Err(m)=>println!("{} {} @{}",m[0].code,m[0].message,m[0].labels.first().map(|l|q.get(l.span.start..).unwrap_or("").chars().take(40).collect::<String>().replace('\n'," ")).unwrap_or_default())}}}
